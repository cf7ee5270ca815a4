using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Serving.Protocol;

/// <summary>An error response.</summary>
/// <param name="Error">The descriptive message for the error.</param>
internal sealed record ErrorResponse(string Error)
{
    /// <summary>
    /// Formats an error as one sentence, since the protocol has a single text; <c>$</c> is the whole body.
    /// </summary>
    public static string Describe(FieldError error) =>
        $"{(error.Path.Length == 0 ? "$" : error.Path)} {error.Rule}.";
}
