using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Llm.Limits;

/// <summary>How a key's budget stands.</summary>
internal static class BudgetEndpoints
{
    public static void MapBudgets(this IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGet("/api/v1/llm/keys/{id:guid}/budget", Get)
            .TakesOnly()
            .RequireScope(Scopes.Read("llm"))
            .WithTags("Keys")
            .WithName("GetKeyBudget")
            .WithSummary("What is spent, held and left of a key's budget in the present period, over all replicas")
            .WithDescription(
                "Amounts are decimals, in USD. What open requests hold may be a second old. 404 also for a key without a budget."
            )
            .WithExamples(
                response: """
                { "period": "month", "start": "2026-11-01T00:00:00+00:00", "end": "2026-12-01T00:00:00+00:00", "amount": 25, "spent": 3.0271, "held": 0.0408, "remaining": 21.9321, "exhausted": false }
                """
            );

    public static async Task<Results<Ok<BudgetReport>, ProblemHttpResult>> Get(
        Guid id,
        ApiKeyQueries keys,
        ISpendStore spends,
        IBudgetCounts counts,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (await keys.FindAsync(id, cancellationToken) is not { } key)
        {
            return Problems.Create(StatusCodes.Status404NotFound, $"There is no key {id}.");
        }

        if ((key.Limits as KeyLimits)?.Budget is not { } budget)
        {
            return Problems.Create(
                StatusCodes.Status404NotFound,
                $"The key {id} has no budget; PUT /api/v1/llm/keys/{id}/limits gives it one."
            );
        }

        // Neither has all: records are in the database a moment after the answer, and the limits count only what was spent while the key had this budget.
        // The database first, or a request that ends meanwhile would be in its sum and still be held.
        var window = BudgetWindow.At(budget.Period, time.GetUtcNow());
        var recorded = (await spends.SpentAsync(key.Id, window, [], cancellationToken)).Usd;
        var counted = await counts.CountAsync(key.Id, window);
        var spent = Math.Max(recorded, NanoUsd.ToUsd(counted?.Spent ?? 0));
        decimal? held = counted is { } count ? NanoUsd.ToUsd(count.Held) : null;
        var isEndless = budget.Period == BudgetPeriod.Total;
        return TypedResults.Ok(
            new BudgetReport(
                budget.Period,
                isEndless ? null : window.Start,
                isEndless ? null : window.End,
                budget.Amount,
                spent,
                held,
                Math.Max(0, budget.Amount - spent - (held ?? 0)),
                spent >= budget.Amount
            )
        );
    }
}
