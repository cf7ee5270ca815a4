using System.Globalization;
using System.Text.Json;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Keys;
using CogniForge.Serving.Application;
using CogniForge.Serving.Domain.Inference;
using CogniForge.Serving.Domain.Models;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CogniForge.Serving.Api;

/// <summary>The Open Inference Protocol v2 over REST (inference_rest.md of github.com/kserve/open-inference-protocol).</summary>
internal static class InferenceProtocolApi
{
    public static void MapInferenceProtocol(this IEndpointRouteBuilder endpoints)
    {
        var server = endpoints.MapGroup("/v2").WithTags("Open Inference Protocol");
        server.MapGet("/", (ServiceDescription service) => TypedResults.Ok(new { name = "cogniforge", version = service.Version, extensions = Array.Empty<string>() }))
            .AllowAnonymous().WithName("ServerMetadata").WithSummary("The server");
        server.MapGet("/health/live", () => TypedResults.Ok(new { live = true })).AllowAnonymous().WithName("ServerLive").WithSummary("Whether the server answers");
        server.MapGet("/health/ready", Ready).AllowAnonymous().WithName("ServerReady").WithSummary("Whether the server can infer");

        var models = server.MapGroup("/models/{name}").RequireScope(Scopes.ServingInfer);
        models.MapGet("/", Metadata).WithName("ModelMetadata").WithSummary("What a model takes and gives");
        models.MapGet("/versions/{version}", Metadata).WithName("ModelVersionMetadata").WithSummary("What a version takes and gives");
        models.MapGet("/ready", ModelReady).WithName("ModelReady").WithSummary("Whether a model can infer");
        models.MapGet("/versions/{version}/ready", ModelReady).WithName("ModelVersionReady").WithSummary("Whether a version can infer");
        models.MapPost("/infer", InferAsync).WithName("Infer").WithSummary("Score a batch with a model's newest version");
        models.MapPost("/versions/{version}/infer", InferAsync).WithName("InferVersion").WithSummary("Score a batch with a version");
    }

    public static async Task<IResult> Ready(HealthCheckService health, CancellationToken cancellationToken)
    {
        var ready = (await health.CheckHealthAsync(cancellationToken)).Status != HealthStatus.Unhealthy;
        return TypedResults.Json(new { ready }, statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    public static async Task<IResult> ModelReady(string name, string? version, FindModel find, CancellationToken cancellationToken) =>
        await FindAsync(find, name, version, cancellationToken) is { } found ? TypedResults.Ok(new { name = found.Name, ready = true }) : Unknown(name, version);

    public static async Task<IResult> Metadata(string name, string? version, FindModel find, CancellationToken cancellationToken) =>
        await FindAsync(find, name, version, cancellationToken) is { } found
            ? TypedResults.Ok(new
            {
                name = found.Name,
                versions = new[] { found.Version.ToString(CultureInfo.InvariantCulture) },
                platform = LogisticInference.Platform,
                inputs = LogisticInference.Inputs(found.Definition).Select(Describe),
                outputs = LogisticInference.Outputs.Select(Describe),
            })
            : Unknown(name, version);

    public static async Task<IResult> InferAsync(
        string name, string? version, HttpContext context, FindModel find, Infer infer, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (await FindAsync(find, name, version, cancellationToken) is not { } found)
        {
            return Unknown(name, version);
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, cancellationToken);
        return infer.TryExecute(found, body.GetBuffer().AsSpan(0, (int)body.Length), started, out var response, out var broken)
            ? new InferResult(response)
            : Problems.Of(StatusCodes.Status400BadRequest, broken.ToString());
    }

    private static async ValueTask<ModelVersion?> FindAsync(FindModel find, string name, string? version, CancellationToken cancellationToken) =>
        version is null ? await find.ExecuteAsync(name, null, cancellationToken)
        : int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? await find.ExecuteAsync(name, number, cancellationToken)
        : null;

    private static ProblemHttpResult Unknown(string name, string? version) =>
        Problems.Of(StatusCodes.Status404NotFound, version is null ? $"There is no model '{name}'." : $"There is no version '{version}' of a model '{name}'.");

    private static object Describe(TensorMetadata tensor) => new { name = tensor.Name, datatype = tensor.Datatype.Name, shape = tensor.Shape };

    private sealed class InferResult(InferResponse response) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "application/json";
            await using var json = new Utf8JsonWriter(httpContext.Response.BodyWriter);
            response.WriteTo(json);
            await json.FlushAsync(httpContext.RequestAborted);
        }
    }
}
