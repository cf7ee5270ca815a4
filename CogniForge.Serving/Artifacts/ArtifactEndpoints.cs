using System.ComponentModel;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.ServiceDefaults.Overload;
using CogniForge.Serving.Models;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace CogniForge.Serving.Artifacts;

/// <summary>The model registry API: artefacts.</summary>
internal static class ArtifactEndpoints
{
    internal const string DigestPrefix = "sha256:";
    internal const string MediaType = "application/octet-stream";

    private const string Version = """
        {
          "id": "01a1fd55-fb34-7c75-ad65-0084cbb1d99c", "name": "churn", "version": 2, "kind": "onnx",
          "task": "classification", "state": "registered", "stateReason": null, "description": "", "tags": {},
          "schema": { "inputs": [], "outputs": [] }, "definition": null,
          "artifact": {
            "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "bytes": 48200
          },
          "endpoint": null, "price": null, "lineage": null,
          "createdAt": "2026-11-21T09:13:52+00:00", "updatedAt": "2026-11-21T09:14:07+00:00"
        }
        """;

    public static void MapArtifacts(this IEndpointRouteBuilder endpoints)
    {
        var options = endpoints.ServiceProvider.GetRequiredService<IOptions<ArtifactOptions>>().Value;
        var artifacts = endpoints
            .MapGroup($"{RegistryEndpoints.Path}/{{name}}/versions/{{version:int}}/artifact")
            .WithTags("Artifacts")
            .AddEndpointFilter<RouteGroupBuilder, RegistryErrorFilter>();
        artifacts
            .MapPut("/", Upload)
            .TakesOnly("digest")
            .RequireScope(Scopes.Write("serving"))
            .WithMetadata(new RequestSizeLimitAttribute(options.MaxBytes))
            .WithBodyMemory(0)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .WithName("UploadArtifact")
            .WithSummary("Upload the file of a version; it is stored as it arrives")
            .WithDescription("A version keeps its first file; uploading the same file again succeeds.")
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    operation.RequestBody = new OpenApiRequestBody
                    {
                        Required = true,
                        Description = "The file.",
                        Content = new Dictionary<string, OpenApiMediaType> { [MediaType] = new() },
                    };
                    return Task.CompletedTask;
                }
            )
            .WithExamples(response: Version);
        artifacts
            .MapGet("/", Download)
            .RequireScope(Scopes.Read("serving"))
            .Produces(StatusCodes.Status200OK, contentType: MediaType)
            .WithName("DownloadArtifact")
            .WithSummary("Download the file of a version");
    }

    public static async Task<Results<Ok<VersionResponse>, Created<VersionResponse>, ProblemHttpResult>> Upload(
        string name,
        [Description("The version number.")] int version,
        [Description("`sha256:` and the file's SHA-256 in 64 hexadecimal digits.")] string? digest,
        HttpContext context,
        IModelStore models,
        IArtifactStore artifacts,
        VersionRegistry registry,
        CancellationToken cancellationToken
    )
    {
        if (ReadDigest(digest) is not { } sha256)
        {
            return Problems.Invalid([new("digest", $"must be \"{DigestPrefix}\" and 64 hexadecimal digits")]);
        }

        var found = await RequireAsync(models, name, version, cancellationToken);
        if (!ModelKind.TakesArtifact(found.Kind))
        {
            throw new RegistryException(
                RegistryErrorKind.Conflict,
                $"Version {version} of model '{name}' has kind \"{found.Kind}\", which takes no artefact."
            );
        }

        Artifact artifact;
        try
        {
            artifact = await artifacts.WriteAsync(context.Request.Body, sha256, cancellationToken);
        }
        catch (DigestMismatchException e)
        {
            return Problems.Invalid([new("digest", $"must be the SHA-256 of the body. {e.Message}")]);
        }

        ModelVersion attached;
        try
        {
            attached = await registry.AttachAsync(
                name,
                version,
                artifact,
                AuditedRequest.From(context),
                cancellationToken
            );
        }
        catch (RegistryException)
        {
            await artifacts.DeleteAsync(artifact.Id, cancellationToken);
            throw;
        }

        Precondition.Send(context.Response, attached.Revision);
        if (attached.Artifact!.Id == artifact.Id)
        {
            return TypedResults.Created(context.Request.Path, VersionResponse.From(attached));
        }

        await artifacts.DeleteAsync(artifact.Id, cancellationToken);
        return TypedResults.Ok(VersionResponse.From(attached));
    }

    public static async Task<IResult> Download(
        string name,
        [Description("The version number.")] int version,
        IModelStore models,
        IArtifactStore artifacts,
        CancellationToken cancellationToken
    )
    {
        var found = await RequireAsync(models, name, version, cancellationToken);
        return found.Artifact is null
            ? throw new RegistryException(
                RegistryErrorKind.NotFound,
                $"Version {version} of model '{name}' has no artefact."
            )
            : new ArtifactResult(await artifacts.OpenAsync(found, cancellationToken), found.Artifact);
    }

    private static async Task<ModelVersion> RequireAsync(
        IModelStore models,
        string name,
        int version,
        CancellationToken cancellationToken
    ) =>
        await models.FindAsync(name, version, cancellationToken)
        ?? throw RegistryException.UnknownVersion(name, version);

    private static string? ReadDigest(string? digest) =>
        digest?.StartsWith(DigestPrefix, StringComparison.OrdinalIgnoreCase) == true
        && digest.Length == DigestPrefix.Length + 64
        && digest.Skip(DigestPrefix.Length).All(char.IsAsciiHexDigit)
            ? digest[DigestPrefix.Length..].ToLowerInvariant()
            : null;
}
