using CogniForge.Llm.Limits;
using CogniForge.Llm.Limits.Budgets;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Llm.Configuration;

internal static class ProjectsEndpoints
{
    private const string Document = """
        "routes": ["fast", "gpt-*"], "budget": { "amount": 500, "period": "month" },
        "requestsPerMinute": 6000, "tokensPerMinute": 2000000
        """;

    public static void MapProjects(this IEndpointRouteBuilder endpoints)
    {
        var projects = endpoints.MapGroup("/api/v1/llm/projects").WithTags("Projects");
        var view = $$"""{ "name": "team-a", "origin": "api", {{Document}} }""";
        projects
            .MapGet("/", List)
            .RequireScope(Scopes.Read("llm"))
            .WithName("ListProjects")
            .WithSummary("List all projects, by name, on one page")
            .WithExamples(response: $$"""{ "items": [{{view}}], "next": null }""");
        projects
            .MapGet("/{name}", Get)
            .RequireScope(Scopes.Read("llm"))
            .WithName("GetProject")
            .WithSummary("Get a project")
            .WithExamples(response: view);
        projects
            .MapPut("/{name}", Put)
            .RequireScope(Scopes.Admin("llm"))
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithName("PutProject")
            .WithSummary("Create or replace a project; takes effect at every replica within two seconds")
            .WithDescription(
                "Overrides a project of the configuration with the same name until it is deleted. Keys join it by "
                    + "`project` in their limits."
            )
            .WithExamples($$"""{ {{Document}} }""", view);
        projects
            .MapDelete("/{name}", Delete)
            .RequireScope(Scopes.Admin("llm"))
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithName("DeleteProject")
            .WithSummary("Delete a project of the API")
            .WithDescription("Its keys remain, and get 403 until their limits name another project or none.");
    }

    public static Ok<Page<ProjectInfo>> List(CurrentConfig config) =>
        TypedResults.Ok(
            new Page<ProjectInfo>(
                [
                    .. config
                        .Value.Projects.Projects.OrderBy(p => p.Name, StringComparer.Ordinal)
                        .Select(ProjectInfo.From),
                ],
                null
            )
        );

    public static Results<Ok<ProjectInfo>, ProblemHttpResult> Get(string name, CurrentConfig config) =>
        config.Value.Projects.Find(name) is { } project
            ? TypedResults.Ok(ProjectInfo.From(project))
            : Problems.Create(StatusCodes.Status404NotFound, $"There is no project {name}.");

    public static async Task<Results<Ok<ProjectInfo>, Created<ProjectInfo>, ProblemHttpResult>> Put(
        string name,
        ProjectConfig project,
        HttpContext context,
        ConfigEditor editor,
        BudgetReconciler reconciler,
        CancellationToken cancellationToken
    )
    {
        var result = await editor.PutProjectAsync(name, project, AuditedRequest.From(context), cancellationToken);
        if (result.IsDone)
        {
            reconciler.OnLimitsChanged(Project.GetLimitKey(name));
        }

        return ConfigChangeResponses.Put(
            result,
            () => ProjectInfo.From(project.ToProject(name, ConfigOrigin.Api))
        );
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        string name,
        HttpContext context,
        ConfigEditor editor,
        CancellationToken cancellationToken
    ) =>
        ConfigChangeResponses.Delete(
            await editor.DeleteProjectAsync(name, AuditedRequest.From(context), cancellationToken)
        );
}
