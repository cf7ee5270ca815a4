using System.Globalization;
using System.Text.Json;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.ServiceDefaults.Overload;
using CogniForge.Serving.Inference.OpenApi;
using CogniForge.Serving.Models;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.OpenApi;

namespace CogniForge.Serving.Inference;

/// <summary>The Open Inference Protocol v2 over REST: inference_rest.md of kserve/open-inference-protocol.</summary>
internal static class InferenceProtocolEndpoints
{
    // A number of two bytes becomes a double, a probability, a label and a part of the response.
    private const int BytesPerByte = 12;

    private const string Model = """
        {
          "name": "churn", "versions": ["1"], "platform": "cogniforge_logistic",
          "inputs": [{ "name": "features", "datatype": "FP64", "shape": [-1, 2] }],
          "outputs": [
            { "name": "probability", "datatype": "FP64", "shape": [-1] },
            { "name": "label", "datatype": "BYTES", "shape": [-1] }
          ]
        }
        """;

    private const string Batch =
        """{ "inputs": [{ "name": "features", "datatype": "FP64", "shape": [2, 2], "data": [[24, 0], [3, 4]] }] }""";

    private const string Scores = """
        {
          "model_name": "churn", "model_version": "1",
          "outputs": [
            { "name": "probability", "datatype": "FP64", "shape": [2], "data": [0.06, 0.83] },
            { "name": "label", "datatype": "BYTES", "shape": [2], "data": ["stays", "leaves"] }
          ]
        }
        """;

    public static void MapInferenceProtocol(this IEndpointRouteBuilder endpoints)
    {
        var server = endpoints.MapGroup("/v2").WithTags("Open Inference Protocol").WithErrorShape<ErrorResponse>();
        server
            .MapGet(
                "/",
                (ServiceDescription service) => TypedResults.Ok(new ServerMetadata("cogniforge", service.Version, []))
            )
            .AllowAnonymous()
            .WithName("ServerMetadata")
            .WithSummary("Server metadata")
            .WithExamples(response: """{ "name": "cogniforge", "version": "1.0.0", "extensions": [] }""");
        server
            .MapGet("/health/live", () => TypedResults.Ok(new ServerLive(true)))
            .AllowAnonymous()
            .WithName("ServerLive")
            .WithSummary("Server live: whether the server can receive metadata and inference requests")
            .WithExamples(response: """{ "live": true }""");
        server
            .MapGet("/health/ready", Ready)
            .AllowAnonymous()
            .WithName("ServerReady")
            .WithSummary("Server ready: whether the server is ready for inferencing")
            .Produces<ServerReady>()
            .Produces<ServerReady>(StatusCodes.Status503ServiceUnavailable)
            .WithExamples(response: """{ "ready": true }""");

        // Minimal APIs bind a parameter that the route lacks from the query, so the routes without a version bind none.
        var models = server.MapGroup("/models/{name}").RequireScope(Scopes.ServingInfer);
        models
            .MapGet(
                "/",
                (string name, ModelCatalog catalog, CancellationToken cancellationToken) =>
                    Metadata(name, null, catalog, cancellationToken)
            )
            .WithName("ModelMetadata")
            .WithSummary("Model metadata")
            .WithExamples(response: Model);
        models
            .MapGet("/versions/{version}", Metadata)
            .WithName("ModelVersionMetadata")
            .WithSummary("Model metadata of a version")
            .WithExamples(response: Model);
        models
            .MapGet(
                "/ready",
                (string name, ModelCatalog catalog, CancellationToken cancellationToken) =>
                    IsModelReady(name, null, catalog, cancellationToken)
            )
            .WithName("ModelReady")
            .WithSummary("Model ready: whether the model is ready for inferencing")
            .WithExamples(response: """{ "name": "churn", "ready": true }""");
        models
            .MapGet("/versions/{version}/ready", IsModelReady)
            .WithName("ModelVersionReady")
            .WithSummary("Model ready: whether the version is ready for inferencing")
            .WithExamples(response: """{ "name": "churn", "ready": true }""");
        models
            .MapPost(
                "/infer",
                (
                    string name,
                    HttpContext context,
                    ModelCatalog catalog,
                    InferenceHandler handler,
                    TimeProvider time,
                    CancellationToken cancellationToken
                ) => InferAsync(name, null, context, catalog, handler, time, cancellationToken)
            )
            .WithBodyMemory(BytesPerByte)
            .WithName("Infer")
            .WithSummary("Perform inference with the model's newest version")
            .Produces<InferenceResponseBody>()
            .Produces<ErrorResponse>(StatusCodes.Status400BadRequest)
            .Produces<ErrorResponse>(StatusCodes.Status413PayloadTooLarge)
            .AddOpenApiOperationTransformer(DescribeBodyAsync)
            .WithExamples(Batch, Scores);
        models
            .MapPost("/versions/{version}/infer", InferAsync)
            .WithBodyMemory(BytesPerByte)
            .WithName("InferVersion")
            .WithSummary("Perform inference with a version of the model")
            .Produces<InferenceResponseBody>()
            .Produces<ErrorResponse>(StatusCodes.Status400BadRequest)
            .Produces<ErrorResponse>(StatusCodes.Status413PayloadTooLarge)
            .AddOpenApiOperationTransformer(DescribeBodyAsync)
            .WithExamples(Batch, Scores);
    }

    public static async Task<IResult> Ready(HealthCheckService health, CancellationToken cancellationToken)
    {
        var ready = (await health.CheckHealthAsync(cancellationToken)).Status != HealthStatus.Unhealthy;
        return TypedResults.Json(
            new ServerReady(ready),
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
        );
    }

    public static async Task<Results<Ok<ModelReady>, ProblemHttpResult>> IsModelReady(
        string name,
        string? version,
        ModelCatalog catalog,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(catalog, name, version, cancellationToken) is { } found
            ? TypedResults.Ok(new ModelReady(found.Name, true))
            : Unknown(name, version);

    public static async Task<Results<Ok<ModelMetadata>, ProblemHttpResult>> Metadata(
        string name,
        string? version,
        ModelCatalog catalog,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(catalog, name, version, cancellationToken) is { } found
            ? TypedResults.Ok(ModelMetadata.From(found))
            : Unknown(name, version);

    public static async Task<IResult> InferAsync(
        string name,
        string? version,
        HttpContext context,
        ModelCatalog catalog,
        InferenceHandler handler,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var started = time.GetTimestamp();
        if (await FindAsync(catalog, name, version, cancellationToken) is not { } found)
        {
            return Unknown(name, version);
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, cancellationToken);
        return handler.TryExecute(
            found,
            body.GetBuffer().AsSpan(0, (int)body.Length),
            started,
            out var response,
            out var error
        )
            ? new InferResult(response)
            : Problems.Create(StatusCodes.Status400BadRequest, ErrorResponse.Describe(error.Value));
    }

    private static async ValueTask<ModelVersion?> FindAsync(
        ModelCatalog catalog,
        string name,
        string? version,
        CancellationToken cancellationToken
    )
    {
        int? number =
            version is null ? null
            : int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed
            : 0;

        // Only logistic models are loaded so far.
        var found = await catalog.ExecuteAsync(name, number, cancellationToken);
        return found?.Kind == ModelKind.Logistic ? found : null;
    }

    private static ProblemHttpResult Unknown(string name, string? version) =>
        Problems.Create(
            StatusCodes.Status404NotFound,
            version is null ? $"Model '{name}' does not exist." : $"Model '{name}' has no version '{version}'."
        );

    /// <summary>Adds the body's schema: the handler reads the raw body, so the generator cannot infer it.</summary>
    private static async Task DescribeBodyAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var schema = await context.GetOrCreateSchemaAsync(
            typeof(InferenceRequestBody),
            cancellationToken: cancellationToken
        );
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } },
        };
    }

    private sealed class InferResult(InferResponse response) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "application/json";
            await using var json = new Utf8JsonWriter(httpContext.Response.BodyWriter);
            await response.WriteToAsync(json, FlushAsync);

            // Waits for a slow client, so that only a part of a large response is in memory.
            async ValueTask FlushAsync()
            {
                await json.FlushAsync(httpContext.RequestAborted);
                await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
            }
        }
    }
}
