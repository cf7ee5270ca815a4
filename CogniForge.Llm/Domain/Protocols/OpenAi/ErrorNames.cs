using System.Collections.Frozen;
using CogniForge.Llm.Domain.Failures;

namespace CogniForge.Llm.Domain.Protocols.OpenAi;

/// <summary>What the codes and types of errors mean, of OpenAI, OpenRouter and OpenAI-compatible servers.</summary>
internal static class ErrorNames
{
    private static readonly FrozenDictionary<string, ErrorCategory> _categories = new Dictionary<string, ErrorCategory>
    {
        ["context_length_exceeded"] = ErrorCategory.ContextLength,
        ["content_filter"] = ErrorCategory.ContentFilter,
        ["content_policy_violation"] = ErrorCategory.ContentFilter,
        ["insufficient_quota"] = ErrorCategory.Billing,
        ["credit_balance_exhausted"] = ErrorCategory.Billing,
        ["billing_hard_limit_reached"] = ErrorCategory.Billing,
        ["payment_required"] = ErrorCategory.Billing,
        ["invalid_api_key"] = ErrorCategory.Authentication,
        ["authentication_error"] = ErrorCategory.Authentication,
        ["permission_error"] = ErrorCategory.Authentication,
        ["rate_limit_exceeded"] = ErrorCategory.RateLimited,
        ["rate_limit_error"] = ErrorCategory.RateLimited,
        ["slow_down"] = ErrorCategory.RateLimited,
        ["server_is_overloaded"] = ErrorCategory.Overloaded,
        ["provider_overloaded"] = ErrorCategory.Overloaded,
        ["provider_unavailable"] = ErrorCategory.Overloaded,
        ["overloaded_error"] = ErrorCategory.Overloaded,
        ["service_unavailable"] = ErrorCategory.Overloaded,
        ["timeout"] = ErrorCategory.Timeout,
        ["server"] = ErrorCategory.ServerError,
        ["server_error"] = ErrorCategory.ServerError,
    }.ToFrozenDictionary();

    /// <summary>The category of an error.</summary>
    /// <param name="names">Its codes and types, the most telling first.</param>
    /// <param name="message">What it says; servers without codes say only here that the context is too long.</param>
    /// <param name="status">Its HTTP status or its like; null: none.</param>
    public static ErrorCategory Category(IEnumerable<string?> names, string message, int? status)
    {
        foreach (var name in names)
        {
            if (name is not null && _categories.TryGetValue(name, out var category))
            {
                return category;
            }
        }

        return status switch
        {
            400 or 413 or 422 or null when IsContextLength(message) => ErrorCategory.ContextLength,
            401 or 403 => ErrorCategory.Authentication,
            402 => ErrorCategory.Billing,
            408 or 409 => ErrorCategory.ServerError,
            429 => ErrorCategory.RateLimited,
            503 or 529 => ErrorCategory.Overloaded,
            >= 400 and < 500 => ErrorCategory.InvalidRequest,
            null when names.Any(n => n is not null && n.StartsWith("invalid_", StringComparison.Ordinal)) => ErrorCategory.InvalidRequest,
            _ => ErrorCategory.ServerError,
        };
    }

    private static bool IsContextLength(string message) =>
        message.Contains("context length", StringComparison.OrdinalIgnoreCase) || message.Contains("context window", StringComparison.OrdinalIgnoreCase);
}
