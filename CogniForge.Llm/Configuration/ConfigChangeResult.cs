using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>The result of a change.</summary>
/// <param name="Status">What happened.</param>
/// <param name="Errors">The errors of an invalid document.</param>
/// <param name="Detail">The reason of a conflict, or what was not found.</param>
internal sealed record ConfigChangeResult(
    ConfigChangeStatus Status,
    IReadOnlyList<FieldError> Errors,
    string Detail = ""
)
{
    public bool IsDone =>
        Status is ConfigChangeStatus.Created or ConfigChangeStatus.Replaced or ConfigChangeStatus.Removed;

    public static ConfigChangeResult Done(ConfigChangeStatus status) => new(status, []);

    public static ConfigChangeResult Invalid(params IReadOnlyList<FieldError> errors) =>
        new(ConfigChangeStatus.Invalid, errors);

    public static ConfigChangeResult Conflict(string detail) => new(ConfigChangeStatus.Conflict, [], detail);

    public static ConfigChangeResult NotFound(string detail) => new(ConfigChangeStatus.NotFound, [], detail);
}
