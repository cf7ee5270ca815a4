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

    public static void MapBudgets(this IEndpointRouteBuilder endpoints)
    {
        Describe(endpoints.MapGet("/api/v1/llm/keys/{id:guid}/budget", GetOfKey), "Keys", "GetKeyBudget", "key");
        Describe(
            endpoints.MapGet("/api/v1/llm/projects/{name}/budget", GetOfProject),
            "Projects",
            "GetProjectBudget",
            "project"
        );
    }

    private static void Describe(RouteHandlerBuilder endpoint, string tag, string name, string owner) =>
        endpoint
            .RequireScope(Scopes.Read("llm"))
            .WithTags(tag)
            .WithName(name)
            .WithSummary($"Get what is spent, held and left of a {owner}'s budget in the current period")
            .WithDescription(
                "Amounts are in USD and cover all replicas. What other replicas report may be a few seconds old. "
                    + $"404 for an unknown {owner} and for a {owner} without a budget."
            )
            .WithExamples(response: Example);

    public static async Task<Results<Ok<BudgetReport>, ProblemHttpResult>> GetOfKey(
        Guid id,
        ApiKeyQueries keys,
        BudgetLimiter budgets,
        CancellationToken cancellationToken
    ) =>
        await keys.FindAsync(id, cancellationToken) is not { } key
            ? NotFound($"There is no key {id}.")
            : (key.Limits as KeyLimits)?.Budget is { } budget
                ? TypedResults.Ok(await budgets.ReportAsync(key.Id, budget, cancellationToken))
                : NotFound($"The key {id} has no budget; PUT /api/v1/llm/keys/{id}/limits gives it one.");

    public static async Task<Results<Ok<BudgetReport>, ProblemHttpResult>> GetOfProject(
        string name,
        CurrentConfig config,
        BudgetLimiter budgets,
        CancellationToken cancellationToken
    ) =>
        config.Value.Projects.Find(name) is not { } project
            ? NotFound($"There is no project {name}.")
            : project.Limits.Budget is { } budget
                ? TypedResults.Ok(await budgets.ReportAsync(project.LimitKey, budget, cancellationToken))
                : NotFound($"The project {name} has no budget; PUT /api/v1/llm/projects/{name} gives it one.");

    private static ProblemHttpResult NotFound(string detail) => Problems.Create(StatusCodes.Status404NotFound, detail);
}
