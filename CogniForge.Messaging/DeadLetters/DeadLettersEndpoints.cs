using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CogniForge.Messaging.DeadLetters;

/// <summary>The dead-letter endpoints of every service that consumes events.</summary>
public static class DeadLettersEndpoints
{
    /// <summary>Maps <c>POST /api/v1/{service}/dead-letters/replay</c>.</summary>
    /// <param name="endpoints">The service's endpoints.</param>
    /// <param name="service">The service's name, e.g. <c>analytics</c>.</param>
    public static void MapDeadLetters(this IEndpointRouteBuilder endpoints, string service) =>
        endpoints
            .MapPost($"/api/v1/{service}/dead-letters/replay", Replay)
            .RequireScope(Scopes.Admin(service))
            .WithTags("Dead letters")
            .WithName("ReplayDeadLetters")
            .WithSummary("Replay dead letters")
            .WithDescription(
                "Moves the messages whose handling failed back to their queues. Call it once the cause is fixed. "
                    + "A message that fails again returns to the dead letters."
            )
            .WithExamples(response: """{ "moved": 12, "left": 0 }""");

    internal static async Task<Ok<DeadLettersReplayed>> Replay(
        HttpContext context,
        [FromServices] IEnumerable<DeadLetterQueue> queues,
        [FromServices] IAuditLog audit,
        CancellationToken cancellationToken
    )
    {
        await audit.AddAsync(AuditedRequest.From(context).ToEntry("dead-letters"), cancellationToken);
        var replayed = new DeadLettersReplayed(0, 0);
        foreach (var queue in queues)
        {
            var (moved, left) = await queue.ReplayAsync(cancellationToken);
            replayed = new(replayed.Moved + moved, replayed.Left + left);
        }

        return TypedResults.Ok(replayed);
    }
}
