using CogniForge.Llm.Application;
using CogniForge.ServiceDefaults.Keys;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Llm.Api;

/// <summary>How many.</summary>
/// <param name="Count">The number, 0 or more.</param>
internal sealed record CountResponse(long Count);

/// <summary>What the gateway knows of the requests that it answered.</summary>
internal static class RequestsApi
{
    public static void MapRequests(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/api/v1/llm/requests/count", Count).RequireScope(Scopes.Read("llm")).WithTags("Requests")
            .WithName("CountRequests").WithSummary("How many completions were answered");

    public static async Task<Ok<CountResponse>> Count(ICompletionStore completions, CancellationToken cancellationToken) =>
        TypedResults.Ok(new CountResponse(await completions.CountAsync(cancellationToken)));
}
