namespace CogniForge.ServiceDefaults.Errors;

/// <summary>A rule that a request breaks.</summary>
/// <param name="Path">
/// The field's JSON path without the leading <c>$.</c>, e.g. <c>inputs[0].shape</c>; empty: the whole body.
/// </param>
/// <param name="Rule">The rule, e.g. <c>must be 1 or more</c>.</param>
public readonly record struct FieldError(string Path, string Rule);
