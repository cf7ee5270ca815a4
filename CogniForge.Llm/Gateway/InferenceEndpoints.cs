using System.Text.Json;
using CogniForge.Llm.Gateway.OpenApi;
using CogniForge.Llm.Gateway.Requests;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.ServiceDefaults.Overload;
using Microsoft.AspNetCore.Mvc;

namespace CogniForge.Llm.Gateway;

/// <summary>The endpoints for unmodified OpenAI and Anthropic clients.</summary>
internal static class InferenceEndpoints
{
    // The body, its copy for the provider, and a translation in between.
    private const int BytesPerByte = 4;
    private const int KeptPerByte = 2;
    private const string BudgetExceeded = "The budget of the API key does not cover the request.";

    public static void MapInference(this IEndpointRouteBuilder endpoints)
    {
        var openAi = Group<OpenAiErrorResponse>(endpoints, "OpenAI")
            .WithError(StatusCodes.Status402PaymentRequired, BudgetExceeded);
        Map<ChatCompletionRequest, ChatCompletion>(
                openAi,
                "/chat/completions",
                Protocol.ChatCompletions,
                "CreateChatCompletion",
                "Create a chat completion, as OpenAI's API does"
            )
            .WithExamples(InferenceExamples.ChatRequest, InferenceExamples.ChatResponse);
        Map<ResponseRequest, Response>(
                openAi,
                "/responses",
                Protocol.Responses,
                "CreateResponse",
                "Create a model response, as OpenAI's Responses API does, without storing it"
            )
            .WithExamples(InferenceExamples.ResponsesRequest, InferenceExamples.ResponsesResponse);
        Map<EmbeddingRequest, EmbeddingList>(
                openAi,
                "/embeddings",
                Protocol.Embeddings,
                "CreateEmbedding",
                "Create embeddings, as OpenAI's API does"
            )
            .WithExamples(InferenceExamples.EmbeddingRequest, InferenceExamples.EmbeddingResponse);

        var anthropic = Group<AnthropicErrorResponse>(endpoints, "Anthropic")
            .WithError(MessagesErrors.Overloaded, "The provider is overloaded; retry later.");
        Map<MessageRequest, AnthropicMessage>(
                anthropic.MapGroup("").WithError(StatusCodes.Status402PaymentRequired, BudgetExceeded),
                "/messages",
                Protocol.Messages,
                "CreateMessage",
                "Create a message, as Anthropic's API does"
            )
            .WithExamples(InferenceExamples.MessageRequest, InferenceExamples.MessageResponse);
        anthropic.MapCountTokens();
    }

    private static RouteGroupBuilder Group<TError>(IEndpointRouteBuilder endpoints, string tag) =>
        endpoints
            .MapGroup("/v1")
            .RequireScope(Scopes.LlmInvoke)
            .WithTags(tag)
            .WithErrorShape<TError>()
            .WithMetadata(new RequestSizeLimitAttribute(RequestLimits.MaxBodyBytes))
            .WithBodyMemory(BytesPerByte, KeptPerByte)
            .WithError(StatusCodes.Status404NotFound, "The model does not exist.")
            .WithError(
                StatusCodes.Status429TooManyRequests,
                "A limit of the API key, the route or the provider is reached; retry after the delay in Retry-After."
            )
            .WithError(StatusCodes.Status502BadGateway, "The provider failed, or rejected the gateway's API key.")
            .WithError(StatusCodes.Status504GatewayTimeout, "The provider did not respond in time.");

    private static RouteHandlerBuilder Map<TRequest, TResponse>(
        RouteGroupBuilder group,
        string path,
        Protocol protocol,
        string name,
        string summary
    ) =>
        group
            .MapPost(
                path,
                (HttpContext context, InferencePipeline pipeline, RequestGate gate) =>
                    HandleAsync(protocol, context, pipeline, gate)
            )
            .Accepts<JsonElement>("application/json")
            .TakesRequestFirst(protocol)
            .WithName(name)
            .WithSummary(summary)
            .Produces<TResponse>()
            .AddOpenApiOperationTransformer(RequestBodyDescription.AddAsync<TRequest>);

    private static async Task HandleAsync(
        Protocol protocol,
        HttpContext context,
        InferencePipeline pipeline,
        RequestGate gate
    )
    {
        var (caller, permit) = (Caller.From(context.User), context.GetPermit());
        await using var writer = new ResponseWriter(context, protocol);
        var (request, errors) = await ReadAsync(
            context,
            (body, headers, out request) => InferenceRequestParser.Parse(protocol, body, headers, out request)
        );
        if (errors.Count > 0)
        {
            await (
                permit.Refusal is { } refusal
                    ? gate.RefuseAsync(protocol, protocol.Name(), caller, refusal, writer, context.RequestAborted)
                    : Problems.Invalid(errors).ExecuteAsync(context)
            );
            return;
        }

        await pipeline.ExecuteAsync(request!, caller, permit, writer, context.RequestAborted);
    }

    /// <summary>Reads and parses the body.</summary>
    internal static async Task<(InferenceRequest? Request, IReadOnlyList<FieldError> Errors)> ReadAsync(
        HttpContext context,
        RequestParser parse
    )
    {
        var (utf8, error) = await JsonBody.ReadAsync(context);
        if (error is { } tooMany)
        {
            return (null, [tooMany]);
        }

        var share = context.Features.Get<BodyShare>();
        using var turn = share is null ? null : await share.TakeTurnAsync(context.RequestAborted);
        var errors = parse(JsonBody.Parse(utf8), context.Request.Headers, out var request);
        request?.Utf8 = utf8;
        request?.BodyShare = share;
        return (request, errors);
    }
}
