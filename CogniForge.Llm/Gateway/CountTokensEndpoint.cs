using System.Text.Json;
using CogniForge.Llm.Gateway.OpenApi;
using CogniForge.Llm.Gateway.Requests;
using CogniForge.Llm.Protocols;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;

namespace CogniForge.Llm.Gateway;

/// <summary>Anthropic's <c>count_tokens</c>.</summary>
internal static class CountTokensEndpoint
{
    public static void MapCountTokens(this IEndpointRouteBuilder anthropic) =>
        anthropic
            .MapPost("/messages/count_tokens", CountTokensAsync)
            .WithName("CountMessageTokens")
            .WithSummary(
                "Count the tokens of a message: by Anthropic for its own models, otherwise estimated and marked as such"
            )
            .WithDescription(
                "The request counts towards a rate of its own, as high as the requests per minute of the API key, and "
                    + "towards no other limit."
            )
            .Accepts<JsonElement>("application/json")
            .TakesRequestOfOwnRateFirst(Protocol.Messages, "count_tokens")
            .Produces<MessageTokenCount>()
            .AddOpenApiOperationTransformer(RequestBodyDescription.AddAsync<CountTokensRequest>)
            .WithExamples(InferenceExamples.CountTokensRequest, """{ "input_tokens": 2, "estimated": true }""");

    private static async Task CountTokensAsync(HttpContext context, TokenCounter tokenCounter)
    {
        var (request, errors) = await InferenceEndpoints.ReadAsync(context, InferenceRequestParser.ParseCountTokens);
        if (errors.Count > 0)
        {
            await Problems.Invalid(errors).ExecuteAsync(context);
            return;
        }

        context.GetPermit().IsUsed = true;
        var (count, error) = await tokenCounter.ExecuteAsync(
            request!,
            Caller.From(context.User),
            context.RequestAborted
        );
        if (error is not null)
        {
            await ErrorWriter.WriteAsync(context, Protocol.Messages, error);
            return;
        }

        RequestIds.Set(context.Response, Protocol.Messages);
        await context.Response.WriteAsJsonAsync(
            new MessageTokenCount(count!.Tokens, count.IsEstimate ? true : null),
            context.RequestAborted
        );
    }
}
