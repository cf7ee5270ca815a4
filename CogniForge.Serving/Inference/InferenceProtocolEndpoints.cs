using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.ServiceDefaults.Overload;
using CogniForge.Serving.Experiments;
using CogniForge.Serving.Inference.OpenApi;
using CogniForge.Serving.Loading;
using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;
using CogniForge.Serving.Routing;
using CogniForge.Serving.Runners;
using Microsoft.AspNetCore.Http.Features;
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

    private const string RetryAfterSeconds = "1";

    private const string Server = """
        { "name": "cogniforge", "version": "1.0.0", "extensions": ["binary_tensor_data", "model_repository"] }
        """;

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
                (ServiceDescription service) => TypedResults.Ok(ServerMetadata.Create(service))
            )
            .AllowAnonymous()
            .WithName("ServerMetadata")
            .WithSummary("Server metadata")
            .WithExamples(response: Server);
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
                (string name, ModelCatalog catalog, ModelRepository loaded, CancellationToken cancellationToken) =>
                    Metadata(name, null, catalog, loaded, cancellationToken)
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
                (string name, ModelCatalog catalog, ModelRepository loaded, CancellationToken cancellationToken) =>
                    IsModelReady(name, null, catalog, loaded, cancellationToken)
            )
            .WithName("ModelReady")
            .WithSummary("Model ready: whether the model is ready for inferencing")
            .Produces<ModelReady>()
            .Produces<ModelReady>(StatusCodes.Status503ServiceUnavailable)
            .WithExamples(response: """{ "name": "churn", "ready": true }""");
        models
            .MapGet("/versions/{version}/ready", IsModelReady)
            .WithName("ModelVersionReady")
            .WithSummary("Model ready: whether the version is ready for inferencing")
            .Produces<ModelReady>()
            .Produces<ModelReady>(StatusCodes.Status503ServiceUnavailable)
            .WithExamples(response: """{ "name": "churn", "ready": true }""");
        models
            .MapPost(
                "/infer",
                (
                    string name,
                    HttpContext context,
                    Router router,
                    InferenceHandler handler,
                    TimeProvider time,
                    CancellationToken cancellationToken
                ) => InferAsync(name, null, context, router, handler, time, cancellationToken)
            )
            .WithBodyMemory(BytesPerByte)
            .WithName("Infer")
            .WithSummary("Perform inference with the version that the model's routing picks")
            .Produces<InferenceResponseBody>()
            .Produces<ErrorResponse>(StatusCodes.Status400BadRequest)
            .Produces<ErrorResponse>(StatusCodes.Status413PayloadTooLarge)
            .AddOpenApiOperationTransformer(DescribeBodyAsync)
            .WithExamples(Batch, Scores);
        models
            .MapPost("/versions/{version}/infer", InferAsync)
            .WithBodyMemory(BytesPerByte)
            .WithName("InferVersion")
            .WithSummary("Perform inference with a version of the model, by its number or an alias")
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

    // A version that is not loaded begins to load, so that a client may wait until it is ready. Triton's clients, and
    // KServe's, see only the status.
    public static async Task<Results<JsonHttpResult<ModelReady>, ProblemHttpResult>> IsModelReady(
        string name,
        string? version,
        ModelCatalog catalog,
        ModelRepository models,
        CancellationToken cancellationToken
    )
    {
        if (await catalog.FindAsync(name, version, cancellationToken) is not { } found)
        {
            return Unknown(name, version);
        }

        var isReady = models.Load(found).State == ModelState.Ready;
        return TypedResults.Json(
            new ModelReady(found.Name, isReady),
            statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
        );
    }

    public static async Task<Results<Ok<ModelMetadata>, ProblemHttpResult>> Metadata(
        string name,
        string? version,
        ModelCatalog catalog,
        ModelRepository models,
        CancellationToken cancellationToken
    )
    {
        if (await catalog.FindAsync(name, version, cancellationToken) is not { } found)
        {
            return Unknown(name, version);
        }

        try
        {
            using var lease = await models.AcquireAsync(found, cancellationToken);
            return TypedResults.Ok(ModelMetadata.From(found, lease.Runner));
        }
        catch (InferenceFailedException e)
        {
            return Problems.Create(e.Status, e.Message);
        }
    }

    public static async Task<IResult> InferAsync(
        string name,
        string? version,
        HttpContext context,
        Router router,
        InferenceHandler handler,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var started = time.GetTimestamp();
        if (await router.FindAsync(name, version, cancellationToken) is not { } target)
        {
            return Unknown(name, version);
        }

        InferRequest? request;
        FieldError? error;
        using (var body = await RequestBody.ReadAsync(context.Request, cancellationToken))
        using (await context.Features.GetRequiredFeature<BodyShare>().TakeTurnAsync(cancellationToken))
        {
            request = body.Parse(context.Request.Headers[BinaryData.Header], out error);
        }

        // An experiment decides only where the client names no version.
        TimeSpan? timeout = null;
        ExperimentUnit? unit = null;
        if (
            request is not null
            && RequestTimeout.TryRead(request.Parameters, out timeout, out error)
            && target.Version is null
        )
        {
            unit = ExperimentUnit.Read(request.Parameters, context.Request.Headers, out error);
        }

        if (request is not null && error is null)
        {
            try
            {
                request = request with { Memory = context.Features.Get<BodyShare>() };
                var result = await handler.ExecuteAsync(target, request, unit, started, timeout, cancellationToken);
                if (result.Response is { } response)
                {
                    return new InferResult(request, response);
                }

                error = result.Error;
            }
            catch (InferenceFailedException e)
            {
                return Problems.Create(e.Status, e.Message);
            }
            catch (OverloadedException e)
            {
                context.Response.Headers.RetryAfter = RetryAfterSeconds;
                return Problems.Create(e.Status, e.Message);
            }
        }

        return Problems.Create(StatusCodes.Status400BadRequest, ErrorResponse.Describe(error!.Value));
    }

    private static ProblemHttpResult Unknown(string name, string? version) =>
        Problems.Create(StatusCodes.Status404NotFound, ModelLookup.DescribeUnknown(name, version));

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
}
