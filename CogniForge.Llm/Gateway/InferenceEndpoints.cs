using System.Text.Json;
using CogniForge.Llm.Gateway.OpenApi;
using CogniForge.Llm.Gateway.Requests;
using CogniForge.Llm.Protocols;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CogniForge.Llm.Gateway;

/// <summary>What unmodified OpenAI and Anthropic clients call.</summary>
internal static class InferenceEndpoints
{
    // Anthropic's own limit. Pictures come within the body, several of them as they were taken.
    private const int MaxBodyBytes = 32 * 1024 * 1024;
    private const string NoBudget = "The key's budget does not bear the request.";

    public static void MapInference(this IEndpointRouteBuilder endpoints)
    {
        var openAi = Group<OpenAiErrorResponse>(endpoints, "OpenAI")
            .WithError(StatusCodes.Status402PaymentRequired, NoBudget);
        Map<ChatCompletionRequest, ChatCompletion>(
                openAi,
                "/chat/completions",
                Protocol.ChatCompletions,
                "CreateChatCompletion",
                "Answer a conversation, as OpenAI's API does"
            )
            .WithExamples(InferenceExamples.ChatRequest, InferenceExamples.ChatAnswer);
        Map<ResponseRequest, Response>(
                openAi,
                "/responses",
                Protocol.Responses,
                "CreateResponse",
                "Answer, as OpenAI's responses API does, without keeping anything"
            )
            .WithExamples(InferenceExamples.ResponseRequest, InferenceExamples.ResponseAnswer);
        Map<EmbeddingRequest, EmbeddingList>(
                openAi,
                "/embeddings",
                Protocol.Embeddings,
                "CreateEmbedding",
                "Embed texts, as OpenAI's API does"
            )
            .WithExamples(InferenceExamples.EmbeddingRequest, InferenceExamples.EmbeddingAnswer);

        var anthropic = Group<AnthropicErrorResponse>(endpoints, "Anthropic")
            .WithError(ErrorWriter.AnthropicOverloaded, "The provider is overloaded; try again a little later.");
        Map<MessageRequest, AnthropicMessage>(
                anthropic.MapGroup("").WithError(StatusCodes.Status402PaymentRequired, NoBudget),
                "/messages",
                Protocol.Messages,
                "CreateMessage",
                "Answer a conversation, as Anthropic's API does"
            )
            .WithExamples(InferenceExamples.MessageRequest, InferenceExamples.MessageAnswer);
        anthropic
            .MapPost("/messages/count_tokens", CountAsync)
            .WithName("CountMessageTokens")
            .WithSummary(
                "Count the tokens of a conversation: Anthropic's models by Anthropic, others by an estimate, which says so"
            )
            .WithDescription("Counts for no limit of a key or route.")
            .Produces<MessageTokenCount>()
            .AddOpenApiOperationTransformer(DescribeBodyAsync<CountTokensRequest>)
            .WithExamples(InferenceExamples.CountRequest, """{ "input_tokens": 2, "estimated": true }""");
    }

    private static RouteGroupBuilder Group<TError>(IEndpointRouteBuilder endpoints, string tag) =>
        endpoints
            .MapGroup("/v1")
            .RequireScope(Scopes.LlmInvoke)
            .WithTags(tag)
            .WithErrorShape<TError>()
            .WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes))
            .WithError(StatusCodes.Status404NotFound, "Nobody serves the model.")
            .WithError(
                StatusCodes.Status429TooManyRequests,
                "The limit of the key, the route or the provider is reached; try again after the time that Retry-After says."
            )
            .WithError(StatusCodes.Status502BadGateway, "The provider failed, or does not accept the gateway.")
            .WithError(StatusCodes.Status504GatewayTimeout, "The provider did not answer in time.");

    private static RouteHandlerBuilder Map<TRequest, TAnswer>(
        RouteGroupBuilder group,
        string path,
        Protocol protocol,
        string name,
        string summary
    ) =>
        group
            .MapPost(
                path,
                (JsonElement body, HttpContext context, InferencePipeline pipeline) =>
                    HandleAsync(protocol, body, context, pipeline)
            )
            .WithName(name)
            .WithSummary(summary)
            .Produces<TAnswer>()
            .AddOpenApiOperationTransformer(DescribeBodyAsync<TRequest>);

    private static async Task CountAsync(JsonElement body, HttpContext context, TokenCounter count)
    {
        if (InferenceRequestParser.ReadToCount(body, context.Request.Headers, out var request) is { Count: > 0 } errors)
        {
            await Problems.Invalid(errors).ExecuteAsync(context);
            return;
        }

        var (counted, failure) = await count.ExecuteAsync(request!, Caller.From(context.User), context.RequestAborted);
        if (failure is not null)
        {
            await ErrorWriter.WriteAsync(context, Protocol.Messages, failure);
            return;
        }

        RequestIds.Set(context.Response, Protocol.Messages);
        await context.Response.WriteAsJsonAsync(
            new MessageTokenCount(counted!.Tokens, counted.IsEstimate ? true : null),
            context.RequestAborted
        );
    }

    private static async Task HandleAsync(
        Protocol protocol,
        JsonElement body,
        HttpContext context,
        InferencePipeline pipeline
    )
    {
        if (
            InferenceRequestParser.Read(protocol, body, context.Request.Headers, out var request) is
            { Count: > 0 } errors
        )
        {
            await Problems.Invalid(errors).ExecuteAsync(context);
            return;
        }

        var writer = new ResponseWriter(context, protocol);
        var failure = await pipeline.ExecuteAsync(request!, Caller.From(context.User), writer, context.RequestAborted);
        if (failure is { HasBegun: true })
        {
            await writer.WriteEventAsync(
                ProtocolAdapters.For(protocol).StreamError(failure.Error, writer.Events),
                context.RequestAborted
            );
        }
        else if (failure is not null)
        {
            await ErrorWriter.WriteAsync(context, protocol, failure);
        }
    }

    /// <summary>The body is bound as raw JSON, of which the document would know nothing.</summary>
    private static async Task DescribeBodyAsync<TRequest>(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(TRequest), cancellationToken: cancellationToken);
        if (
            operation.Responses?["200"].Content is { } response
            && typeof(TRequest).GetProperty(nameof(ChatCompletionRequest.Stream)) is not null
        )
        {
            response["text/event-stream"] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = "With `stream`: the protocol's own events.",
                },
            };
        }

        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } },
        };
    }
}
