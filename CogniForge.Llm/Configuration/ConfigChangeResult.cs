using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>How a change of a setting ended.</summary>
/// <param name="Status">The end.</param>
/// <param name="Errors">The broken rules of an invalid document.</param>
/// <param name="Detail">Why it is a conflict, or what is not found.</param>
internal sealed record ConfigChangeResult(
    ConfigChangeStatus Status,
    IReadOnlyList<FieldError> Errors,
    string Detail = ""
)
{
    /// <summary>Whether anything has changed.</summary>
    public bool IsDone =>
        Status is ConfigChangeStatus.Created or ConfigChangeStatus.Replaced or ConfigChangeStatus.Removed;

    public static ConfigChangeResult Done(ConfigChangeStatus status) => new(status, []);

    public static ConfigChangeResult Invalid(params IReadOnlyList<FieldError> errors) =>
        new(ConfigChangeStatus.Invalid, errors);

    public static ConfigChangeResult Conflict(string detail) => new(ConfigChangeStatus.Conflict, [], detail);

    public static ConfigChangeResult NotFound(string detail) => new(ConfigChangeStatus.NotFound, [], detail);
}
