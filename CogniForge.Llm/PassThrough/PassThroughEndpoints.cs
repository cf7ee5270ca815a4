using System.Text.Json;
using CogniForge.Llm.Gateway.OpenApi;
using CogniForge.Llm.Gateway.Requests;
using CogniForge.Llm.Protocols;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Overload;
using Microsoft.AspNetCore.Mvc;

namespace CogniForge.Llm.PassThrough;

internal static class PassThroughEndpoints
{
    /// <summary>Bytes. OpenAI's own limit of files; they are streamed, not kept.</summary>
    private const long MaxStreamedBytes = 512L * 1024 * 1024;

    // The body with its values, and its copy for the provider; then what retries and fallbacks need of them.
    private const int BytesPerByte = 3;
    private const int KeptPerByte = 2;

    public static void MapPassThrough(this IEndpointRouteBuilder endpoints)
    {
        var openAi = Group<OpenAiErrorResponse>(endpoints, "OpenAI");
        var anthropic = Group<AnthropicErrorResponse>(endpoints, "Anthropic");
        foreach (var endpoint in PassThroughTable.All)
        {
            Map(endpoint.Protocol == Protocol.Messages ? anthropic : openAi, endpoint);
        }
    }

    private static RouteGroupBuilder Group<TError>(IEndpointRouteBuilder endpoints, string tag) =>
        endpoints
            .MapGroup("/v1")
            .RequireScope(Scopes.LlmInvoke)
            .WithTags(tag)
            .WithErrorShape<TError>()
            .WithError(StatusCodes.Status402PaymentRequired, "The budget of the API key does not cover the request.")
            .WithError(StatusCodes.Status404NotFound, "The model, or the id, does not exist for this API key.")
            .WithError(StatusCodes.Status502BadGateway, "The provider failed, or rejected the gateway's API key.")
            .WithError(StatusCodes.Status504GatewayTimeout, "The provider did not respond in time.");

    private static void Map(RouteGroupBuilder group, PassThroughEndpoint endpoint)
    {
        // The parameter `id` is for the OpenAPI document.
        var route = endpoint.Path.Contains('{', StringComparison.Ordinal)
            ? group.MapMethods(
                endpoint.Path,
                [endpoint.Method],
                (string id, HttpContext context, PassThroughPipeline pipeline) =>
                    pipeline.ExecuteAsync(endpoint, context)
            )
            : group.MapMethods(
                endpoint.Path,
                [endpoint.Method],
                (HttpContext context, PassThroughPipeline pipeline) => pipeline.ExecuteAsync(endpoint, context)
            );
        var isStreamed = endpoint.Content is RequestContent.Form or RequestContent.Stream;
        if (endpoint.Content != RequestContent.None)
        {
            // Routing would reject other types of a form without naming the right one; reading the form does.
            string[] others = isStreamed ? ["*/*"] : [];
            route.Accepts<JsonElement>(isStreamed ? "multipart/form-data" : "application/json", others);
        }

        route
            .WithName(endpoint.Id)
            .WithSummary(endpoint.Summary)
            .WithDescription(
                endpoint.HasModel
                    ? "Passed through to the provider of the model's route."
                    : "Passed through to the provider that has the id, to the one in `provider`, or to the default one."
            )
            .WithMetadata(new RequestSizeLimitAttribute(isStreamed ? MaxStreamedBytes : RequestLimits.MaxBodyBytes))
            .WithBodyMemory(isStreamed ? 0 : BytesPerByte, isStreamed ? 0 : KeptPerByte)
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    PassThroughDescription.Add(operation, endpoint);
                    return Task.CompletedTask;
                }
            );
    }
}
