namespace CogniForge.Llm.Resilience;

/// <summary>The names of error categories in the request log, logs and metrics.</summary>
internal static class ErrorCategoryNames
{
    private static readonly string[] _names =
    [
        .. Enum.GetNames<ErrorCategory>().Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName),
    ];

    /// <summary>Returns the name in snake case, e.g. <c>rate_limited</c>.</summary>
    public static string Name(this ErrorCategory category) => _names[(int)category];
}
