using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>How a change of a setting ended.</summary>
/// <param name="Status">The end.</param>
/// <param name="Errors">The broken rules of an invalid document.</param>
/// <param name="Detail">Why it is a conflict, or what is not found.</param>
internal sealed record ChangeResult(ChangeStatus Status, IReadOnlyList<FieldError> Errors, string Detail = "")
{
    /// <summary>Whether anything has changed.</summary>
    public bool IsDone => Status is ChangeStatus.Created or ChangeStatus.Replaced or ChangeStatus.Removed;

    public static ChangeResult Done(ChangeStatus status) => new(status, []);

    public static ChangeResult Invalid(params IReadOnlyList<FieldError> errors) => new(ChangeStatus.Invalid, errors);

    public static ChangeResult Conflict(string detail) => new(ChangeStatus.Conflict, [], detail);

    public static ChangeResult NotFound(string detail) => new(ChangeStatus.NotFound, [], detail);
}
