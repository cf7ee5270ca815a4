using System.Text.Json;

namespace CogniForge.Llm.Resilience;

/// <summary>The names of error categories in the request log, logs and metrics.</summary>
internal static class ErrorCategoryNames
{
    private static readonly string[] _names =
    [
        .. Enum.GetValues<ErrorCategory>()
            .Select(c =>
                // Stored log entries and dashboards know this one by its first name.
                c == ErrorCategory.InvalidResponse
                    ? "broken_answer"
                    : JsonNamingPolicy.SnakeCaseLower.ConvertName(c.ToString())
            ),
    ];

    /// <summary>Returns the name in snake case, e.g. <c>rate_limited</c>.</summary>
    public static string Name(this ErrorCategory category) => _names[(int)category];
}
