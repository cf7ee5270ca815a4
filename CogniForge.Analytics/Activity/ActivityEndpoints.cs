using CogniForge.Analytics.Ingestion;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Analytics.Activity;

/// <summary>The API for activity across all services.</summary>
internal static class ActivityEndpoints
{
    public static void MapActivity(this IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGet("/api/v1/analytics/activity", Count)
            .RequireScope(Scopes.Read("analytics"))
            .WithTags("Activity")
            .WithName("CountActivity")
            .WithSummary("Count the recorded user events, completions, inferences, model promotions and drifts")
            .WithExamples(
                response: """
                { "events": 5000, "completions": 1200, "inferences": 800, "promotions": 3, "drifts": 1 }
                """
            );

    public static async Task<Ok<ActivityCounts>> Count(
        IUserEventStore events,
        IActivityStore activity,
        CancellationToken cancellationToken
    )
    {
        var (completions, inferences, promotions, drifts) = await activity.CountAsync(cancellationToken);
        return TypedResults.Ok(
            new ActivityCounts(
                await events.CountAsync(null, cancellationToken),
                completions,
                inferences,
                promotions,
                drifts
            )
        );
    }
}
