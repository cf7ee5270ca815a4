namespace CogniForge.Llm.Resilience;

/// <summary>The names of categories in records, logs and metrics.</summary>
internal static class ErrorCategoryNames
{
    private static readonly string[] _names =
    [
        .. Enum.GetNames<ErrorCategory>().Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName),
    ];

    /// <summary>The name, e.g. <c>rate_limited</c>.</summary>
    public static string Name(this ErrorCategory category) => _names[(int)category];
}
