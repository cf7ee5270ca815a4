using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Llm.RequestLog;

internal static class RequestLogEndpoints
{
    public static void MapRequests(this IEndpointRouteBuilder endpoints)
    {
        var requests = endpoints.MapGroup("/api/v1/llm/requests").RequireScope(Scopes.Read("llm")).WithTags("Requests");
        requests
            .MapGet("/", List)
            .TakesOnly([.. RequestLogQuery.Names, $"{MetadataNames.Prefix}*", "limit", "cursor"])
            .WithName("ListRequests")
            .WithSummary("List the requests of the log, newest first, without their content")
            .WithDescription(
                "A filter `metadata.{name}` selects the requests with this metadata, e.g. `metadata.team=red`."
            )
            .WithExamples(
                response: """
                {
                  "items": [
                    {
                      "id": "01a1fd55-fb34-7c75-ad65-0084cbb1d99c", "occurredAt": "2026-11-21T09:13:52.117+00:00",
                      "caller": "root", "user": "u1", "route": "fast", "requestedModel": "fast", "provider": "openai",
                      "model": "gpt-6-luna", "protocol": "chat_completions", "streamed": true, "status": 200,
                      "error": null, "finishReason": "stop", "inputTokens": 1200, "outputTokens": 80,
                      "cacheReadTokens": 1024, "cacheWriteTokens": 0, "reasoningTokens": 0, "estimated": false,
                      "cost": 0.00006784, "cached": false, "saved": null, "attempts": 1, "durationMs": 812.5,
                      "firstChunkMs": 240.1, "traceParent": null, "project": "team-a", "metadata": { "team": "red" }
                    }
                  ],
                  "next": "AaH9Vfs0fHWtZQCEy7HZnA"
                }
                """
            );
        requests
            .MapGet("/count", Count)
            .WithName("CountRequests")
            .WithSummary("Count the successful requests")
            .WithExamples(response: """{ "count": 1200, "completions": 1190 }""");
    }

    public static async Task<Results<Ok<Page<RequestLogEntry>>, ProblemHttpResult>> List(
        [AsParameters] PageQuery page,
        [AsParameters] RequestLogQuery query,
        IRequestLog log,
        CancellationToken cancellationToken
    ) =>
        FieldErrors.From(page.Parse(out var cursor, out var limit).Concat(query.Parse(out var filter)))
            is { Count: > 0 } errors
            ? Problems.Invalid(errors)
            : TypedResults.Ok(await log.ListAsync(filter, cursor, limit, cancellationToken));

    public static async Task<Ok<CountResponse>> Count(IRequestLog log, CancellationToken cancellationToken) =>
        TypedResults.Ok(await log.CountAsync(cancellationToken));
}
