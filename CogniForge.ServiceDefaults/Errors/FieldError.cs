namespace CogniForge.ServiceDefaults.Errors;

/// <summary>A rule that a request breaks.</summary>
/// <param name="Path">Where, as the request's own JSON path without the leading <c>$.</c>, e.g. <c>inputs[0].shape</c>; empty: the body as a whole.</param>
/// <param name="Rule">What must hold, e.g. <c>must be 1 or more</c>.</param>
public readonly record struct FieldError(string Path, string Rule);
