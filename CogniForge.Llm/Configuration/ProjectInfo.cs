using CogniForge.Llm.Limits;
using CogniForge.Llm.Limits.Budgets;

namespace CogniForge.Llm.Configuration;

/// <summary>A project.</summary>
/// <param name="Name">The unique name.</param>
/// <param name="Origin">The origin: <c>configuration</c> or <c>api</c>.</param>
/// <param name="Routes">The routes or models that its keys may use; null: all.</param>
/// <param name="Budget">The most that its keys may spend per period; null: no budget.</param>
/// <param name="RequestsPerMinute">The most requests a minute; null: no limit.</param>
/// <param name="TokensPerMinute">The most tokens a minute; null: no limit.</param>
internal sealed record ProjectInfo(
    string Name,
    ConfigOrigin Origin,
    IReadOnlyList<string>? Routes,
    Budget? Budget,
    int? RequestsPerMinute,
    int? TokensPerMinute
)
{
    public static ProjectInfo From(Project project) =>
        new(
            project.Name,
            project.Origin,
            project.Limits.Routes,
            project.Limits.Budget,
            project.Limits.RequestsPerMinute,
            project.Limits.TokensPerMinute
        );
}
