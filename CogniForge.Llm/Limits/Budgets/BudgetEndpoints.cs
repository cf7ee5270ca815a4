using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Llm.Limits.Budgets;

internal static class BudgetEndpoints
{
    public static void MapBudgets(this IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGet("/api/v1/llm/keys/{id:guid}/budget", Get)
            .RequireScope(Scopes.Read("llm"))
            .WithTags("Keys")
            .WithName("GetKeyBudget")
            .WithSummary("Get what is spent, held and left of a key's budget in the current period")
            .WithDescription(
                "Amounts are in USD and cover all replicas. What other replicas report may be a few seconds old. "
                    + "404 for an unknown key and for a key without a budget."
            )
            .WithExamples(
                response: """
                { "period": "month", "start": "2026-11-01T00:00:00+00:00", "end": "2026-12-01T00:00:00+00:00",
                  "amount": 25, "spent": 3.0271, "held": 0.0408, "remaining": 21.9321, "exhausted": false }
                """
            );

    public static async Task<Results<Ok<BudgetReport>, ProblemHttpResult>> Get(
        Guid id,
        ApiKeyQueries keys,
        IBudgetStore store,
        BudgetLimiter budgets,
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

        // The log first: a request that ends in between must not count as logged and still be held.
        var window = BudgetWindow.At(budget.Period, time.GetUtcNow());
        var logged = await store.SumRequestLogAsync(key.Id, window, cancellationToken);
        var usage = await budgets.ReadAsync(key.Id, window, cancellationToken);
        return TypedResults.Ok(BudgetReport.Create(budget, window, logged, usage));
    }
}
