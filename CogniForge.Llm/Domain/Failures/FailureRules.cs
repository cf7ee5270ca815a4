using System.Text.Json;

namespace CogniForge.Llm.Domain.Failures;

/// <summary>Reads what kind of failure a provider's answer is. The error's own code counts more than the status: providers send billing errors as 429.</summary>
internal static class FailureRules
{
    private static readonly HashSet<string> _billing = new(StringComparer.OrdinalIgnoreCase)
    {
        "insufficient_quota", "credit_balance_exhausted", "billing_error", "billing_hard_limit_reached", "payment_required", "enforced_spend_limit_reached", "contract_spend_limit_reached",
    };

    private static readonly HashSet<string> _contextLength = new(StringComparer.OrdinalIgnoreCase) { "context_length_exceeded", "string_above_max_length", "model_context_window_exceeded" };

    private static readonly HashSet<string> _contentFilter = new(StringComparer.OrdinalIgnoreCase) { "content_filter", "content_policy_violation", "content_moderation", "moderation_blocked" };

    /// <summary>The failure that a provider's answer with an error status tells of.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The body, whatever it is.</param>
    /// <param name="retryAfter">What the headers ask for; null: nothing.</param>
    public static Failure OfAnswer(int status, ReadOnlyMemory<byte> body, TimeSpan? retryAfter)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("error", out var error))
            {
                return OfError(error, status, retryAfter);
            }
        }
        catch (JsonException)
        {
            // A proxy's page or nothing at all: the status says what there is to say.
        }

        return new(Categorise(status, null, ""), $"The provider answered with status {status}.", status, null, retryAfter);
    }

    /// <summary>The failure of an <c>error</c> member, of OpenAI's, Anthropic's or OpenRouter's form.</summary>
    /// <param name="error">The member: an object, or a bare text as some servers send.</param>
    /// <param name="status">The HTTP status; null: it came in an answer of status 200.</param>
    /// <param name="retryAfter">What the headers ask for; null: nothing.</param>
    public static Failure OfError(JsonElement error, int? status = null, TimeSpan? retryAfter = null)
    {
        if (error.ValueKind != JsonValueKind.Object)
        {
            var text = error.ValueKind == JsonValueKind.String ? error.GetString()! : "The provider failed.";
            return new(Categorise(status, null, text), text, status, null, retryAfter);
        }

        var message = Text(error, "message") ?? "The provider failed.";
        status ??= error.TryGetProperty("code", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var n) && n is >= 400 and < 600 ? n : null;
        string?[] codes = [Text(error, "code"), Nested(error, "details", "error_code"), Nested(error, "metadata", "error_type"), Text(error, "type")];
        var code = codes.FirstOrDefault(c => c is not null && (_billing.Contains(c) || _contextLength.Contains(c) || _contentFilter.Contains(c))) ?? codes.FirstOrDefault(c => c is not null);
        return new(Categorise(status, code, message), message, status, code, retryAfter);
    }

    private static ErrorCategory Categorise(int? status, string? code, string message)
    {
        if (code is not null)
        {
            if (_billing.Contains(code))
            {
                return ErrorCategory.Billing;
            }

            if (_contextLength.Contains(code))
            {
                return ErrorCategory.ContextLength;
            }

            if (_contentFilter.Contains(code))
            {
                return ErrorCategory.ContentFilter;
            }
        }

        return status switch
        {
            // Anthropic, vLLM and others have no code for it.
            400 or 413 when IsAboutLength(message) => ErrorCategory.ContextLength,
            401 or 403 => ErrorCategory.Authentication,
            402 => ErrorCategory.Billing,
            429 => ErrorCategory.RateLimited,
            503 or 529 => ErrorCategory.Overloaded,
            408 or 409 or >= 500 => ErrorCategory.ServerError,
            >= 400 => ErrorCategory.InvalidRequest,
            _ => OfCode(code),
        };
    }

    /// <summary>An error in the middle of a stream has no status.</summary>
    private static ErrorCategory OfCode(string? code) => code switch
    {
        "rate_limit_error" or "rate_limit_exceeded" or "slow_down" => ErrorCategory.RateLimited,
        "overloaded_error" or "provider_overloaded" or "provider_unavailable" or "server_is_overloaded" => ErrorCategory.Overloaded,
        "invalid_request_error" or "not_found_error" => ErrorCategory.InvalidRequest,
        "authentication_error" or "permission_error" => ErrorCategory.Authentication,
        "timeout" or "timeout_error" => ErrorCategory.Timeout,
        _ => ErrorCategory.ServerError,
    };

    private static bool IsAboutLength(string message) =>
        message.Contains("prompt is too long", StringComparison.OrdinalIgnoreCase)
        || message.Contains("maximum context length", StringComparison.OrdinalIgnoreCase)
        || message.Contains("context window", StringComparison.OrdinalIgnoreCase);

    private static string? Nested(JsonElement element, string outer, string inner) =>
        element.TryGetProperty(outer, out var value) && value.ValueKind == JsonValueKind.Object ? Text(value, inner) : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
