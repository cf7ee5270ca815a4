using CogniForge.Llm.Limits;
using CogniForge.Llm.Limits.Budgets;
using CogniForge.ServiceDefaults.Audit;
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
        var projects = ConfigEntryEndpoints.Map(
            endpoints,
            new ConfigEntries<Project, ProjectInfo>
            {
                Kind = ConfigKinds.Project,
                GetAll = config => config.Projects.Projects,
                GetName = project => project.Name,
                Show = ProjectInfo.From,
                MapPut = (group, path) => group.MapPut(path, Put),
                Delete = editor => editor.DeleteProjectAsync,
                ConfigExample = $$"""{ {{Document}} }""",
                InfoExample = $$"""{ "name": "team-a", "origin": "api", {{Document}} }""",
            }
        );
        projects.Put.WithDescription(
            "Overrides a project of the configuration with the same name until it is deleted. Keys join it by "
                + "`project` in their limits."
        );
        projects.Delete.WithDescription(
            "Its keys remain, and get 403 until their limits name another project or none."
        );
    }

    private static async Task<Results<Ok<ProjectInfo>, Created<ProjectInfo>, ProblemHttpResult>> Put(
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
}
