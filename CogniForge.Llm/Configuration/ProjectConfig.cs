using System.Text.Json.Serialization;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Limits.Budgets;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>A project: limits that all of its keys share, beside their own.</summary>
/// <param name="Routes">
/// The routes or models that its keys may use, 1 to 100 names; <c>*</c> matches anything. Default: all.
/// </param>
/// <param name="Budget">The most that its keys may spend per period. Default: no budget.</param>
/// <param name="RequestsPerMinute">The most requests a minute, 1 to 1,000,000. Default: no limit.</param>
/// <param name="TokensPerMinute">
/// The most tokens a minute, input and output together, 1 to 1,000,000,000. Default: no limit.
/// </param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ProjectConfig(
    IReadOnlyList<string>? Routes = null,
    Budget? Budget = null,
    int? RequestsPerMinute = null,
    int? TokensPerMinute = null
)
{
    public IEnumerable<FieldError> Validate(string name) =>
        (ConfigNames.IsProject(name) ? [] : new[] { new FieldError("name", ConfigNames.ProjectRule) }).Concat(
            KeyLimits.Validate(ToLimits())
        );

    /// <summary>Converts the valid model.</summary>
    public Project ToProject(string name, ConfigOrigin origin) => new(name, ToLimits(), origin);

    private KeyLimits ToLimits() =>
        new()
        {
            Routes = Routes,
            Budget = Budget,
            RequestsPerMinute = RequestsPerMinute,
            TokensPerMinute = TokensPerMinute,
        };
}
