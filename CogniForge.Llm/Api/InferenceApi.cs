using System.Text.Json;
using CogniForge.Llm.Api.Requests;
using CogniForge.Llm.Application;
using CogniForge.Llm.Domain.Protocols;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Keys;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CogniForge.Llm.Api;

/// <summary>What unmodified OpenAI and Anthropic clients call.</summary>
internal static class InferenceApi
{
    public static void MapInference(this IEndpointRouteBuilder endpoints)
    {
        Map<ChatCompletionRequest, ChatCompletion>(endpoints, "/v1/chat/completions", Protocol.ChatCompletions, "OpenAI", "CreateChatCompletion", "Answer a conversation, as OpenAI's API does");
        Map<ResponseRequest, Response>(endpoints, "/v1/responses", Protocol.Responses, "OpenAI", "CreateResponse", "Answer, as OpenAI's responses API does, without keeping anything");
        Map<EmbeddingRequest, EmbeddingList>(endpoints, "/v1/embeddings", Protocol.Embeddings, "OpenAI", "CreateEmbedding", "Embed texts, as OpenAI's API does");
        Map<MessageRequest, AnthropicMessage>(endpoints, "/v1/messages", Protocol.Messages, "Anthropic", "CreateMessage", "Answer a conversation, as Anthropic's API does");
        endpoints.MapPost("/v1/messages/count_tokens", CountAsync).RequireScope(Scopes.LlmInvoke).WithTags("Anthropic").WithName("CountMessageTokens")
            .WithSummary("Count the tokens of a conversation: Anthropic's models by Anthropic, others by an estimate, which says so").Produces<MessageTokenCount>()
            .AddOpenApiOperationTransformer(DescribeBodyAsync<CountTokensRequest>);
    }

    private static async Task CountAsync(JsonElement body, HttpContext context, CountTokens count)
    {
        if (RequestReaders.ReadToCount(body, context.Request.Headers, out var request) is { Count: > 0 } errors)
        {
            await Problems.Invalid(errors).ExecuteAsync(context);
            return;
        }

        var (counted, failure) = await count.ExecuteAsync(request!, context.RequestAborted);
        if (failure is not null)
        {
            await ClientErrorWriter.WriteAsync(context, Protocol.Messages, failure.Error, failure.RetryAfter);
            return;
        }

        await context.Response.WriteAsJsonAsync(new MessageTokenCount(counted!.Tokens, counted.IsEstimate ? true : null), context.RequestAborted);
    }

    private static void Map<TRequest, TAnswer>(IEndpointRouteBuilder endpoints, string path, Protocol protocol, string tag, string name, string summary) =>
        endpoints.MapPost(path, (JsonElement body, HttpContext context, Gateway gateway) => HandleAsync(protocol, body, context, gateway))
            .RequireScope(Scopes.LlmInvoke).WithTags(tag).WithName(name).WithSummary(summary).Produces<TAnswer>()
            .AddOpenApiOperationTransformer(DescribeBodyAsync<TRequest>);

    private static async Task HandleAsync(Protocol protocol, JsonElement body, HttpContext context, Gateway gateway)
    {
        if (RequestReaders.Read(protocol, body, context.Request.Headers, out var request) is { Count: > 0 } errors)
        {
            await Problems.Invalid(errors).ExecuteAsync(context);
            return;
        }

        var writer = new AnswerWriter(context, protocol);
        var failure = await gateway.ExecuteAsync(request!, Caller.Of(context.User).Id, writer, context.RequestAborted);
        if (failure is { HasBegun: true })
        {
            await writer.WriteEventAsync(Dialects.Of(protocol).StreamError(failure.Error), context.RequestAborted);
        }
        else if (failure is not null)
        {
            await ClientErrorWriter.WriteAsync(context, protocol, failure.Error, failure.RetryAfter);
        }
    }

    /// <summary>The body is bound as raw JSON, of which the document would know nothing.</summary>
    private static async Task DescribeBodyAsync<TRequest>(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(TRequest), cancellationToken: cancellationToken);
        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } } };
    }
}
