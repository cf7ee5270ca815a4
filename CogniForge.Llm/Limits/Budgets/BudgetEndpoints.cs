using CogniForge.Llm.Configuration;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Llm.Limits.Budgets;

internal static class BudgetEndpoints
{
    private const string Example = """
        { "period": "month", "start": "2026-11-01T00:00:00+00:00", "end": "2026-12-01T00:00:00+00:00",
          "amount": 25, "spent": 3.0271, "held": 0.0408, "remaining": 21.9321, "exhausted": false }
        """;

    private const string Amounts =
        "Amounts are in USD and cover all replicas. What other replicas report may be a few seconds old. ";

    public static void MapBudgets(this IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapGet("/api/v1/llm/keys/{id:guid}/budget", GetOfKey)
            .RequireScope(Scopes.Read("llm"))
            .WithTags("Keys")
            .WithName("GetKeyBudget")
            .WithSummary("Get what is spent, held and left of a key's budget in the current period")
            .WithDescription(Amounts + "404 for an unknown key and for a key without a budget.")
            .WithExamples(response: Example);
        endpoints
            .MapGet("/api/v1/llm/projects/{name}/budget", GetOfProject)
            .RequireScope(Scopes.Read("llm"))
            .WithTags("Projects")
            .WithName("GetProjectBudget")
            .WithSummary("Get what is spent, held and left of a project's budget in the current period")
            .WithDescription(Amounts + "404 for an unknown project and for a project without a budget.")
            .WithExamples(response: Example);
    }

    public static async Task<Results<Ok<BudgetReport>, ProblemHttpResult>> GetOfKey(
        Guid id,
        ApiKeyQueries keys,
        BudgetReader budgets,
        CancellationToken cancellationToken
    )
    {
        if (await keys.FindAsync(id, cancellationToken) is not { } key)
        {
            return Problems.Create(StatusCodes.Status404NotFound, $"There is no key {id}.");
        }

        return (key.Limits as KeyLimits)?.Budget is { } budget
            ? TypedResults.Ok(await budgets.ReadAsync(key.Id, budget, cancellationToken))
            : Problems.Create(
                StatusCodes.Status404NotFound,
                $"The key {id} has no budget; PUT /api/v1/llm/keys/{id}/limits gives it one."
            );
    }

    public static async Task<Results<Ok<BudgetReport>, ProblemHttpResult>> GetOfProject(
        string name,
        CurrentConfig config,
        BudgetReader budgets,
        CancellationToken cancellationToken
    )
    {
        if (config.Value.Projects.Find(name) is not { } project)
        {
            return Problems.Create(StatusCodes.Status404NotFound, $"There is no project {name}.");
        }

        return project.Limits.Budget is { } budget
            ? TypedResults.Ok(await budgets.ReadAsync(project.LimitKey, budget, cancellationToken))
            : Problems.Create(
                StatusCodes.Status404NotFound,
                $"The project {name} has no budget; PUT /api/v1/llm/projects/{name} gives it one."
            );
    }
}
