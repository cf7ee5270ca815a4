using System.Globalization;
using System.Text.Json;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Resilience;

/// <summary>
/// Classifies error responses of providers. The error code takes precedence over the status: some billing errors are
/// 429.
/// </summary>
internal static class ProviderErrorClassifier
{
    private static readonly HashSet<string> _billing = new(StringComparer.OrdinalIgnoreCase)
    {
        "insufficient_quota",
        "credit_balance_exhausted",
        "billing_error",
        "billing_hard_limit_reached",
        "payment_required",
        "enforced_spend_limit_reached",
        "contract_spend_limit_reached",
    };

    private static readonly HashSet<string> _contextLength = new(StringComparer.OrdinalIgnoreCase)
    {
        "context_length_exceeded",
        "string_above_max_length",
        "model_context_window_exceeded",
    };

    private static readonly HashSet<string> _contentFilter = new(StringComparer.OrdinalIgnoreCase)
    {
        "content_filter",
        "content_policy_violation",
        "content_moderation",
        "moderation_blocked",
    };

    /// <summary>Classifies a response with an error status.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The body, JSON or not.</param>
    /// <param name="retryAfter">The delay from the response headers; null: none.</param>
    public static ProviderError ClassifyResponse(int status, ReadOnlyMemory<byte> body, TimeSpan? retryAfter)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var error = document.RootElement.Member("error");
            if (error.IsPresent() || document.RootElement.Text("message") is not null)
            {
                // In vLLM's responses the body itself is the error.
                return ClassifyError(error.IsPresent() ? error : document.RootElement, status, retryAfter);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An HTML page of a proxy, an empty body, or invalid Unicode in a name: only the status remains.
        }

        return new(
            Categorize(status, null, ""),
            $"The provider responded with status {status}.",
            status,
            null,
            retryAfter
        );
    }

    /// <summary>Classifies an <c>error</c> member in the format of OpenAI, Anthropic or OpenRouter.</summary>
    /// <param name="error">The member: an object, or a string, as some servers send it.</param>
    /// <param name="status">The HTTP status; null: the error is part of a response with status 200.</param>
    /// <param name="retryAfter">The delay from the response headers; null: none.</param>
    public static ProviderError ClassifyError(JsonElement error, int? status = null, TimeSpan? retryAfter = null)
    {
        if (error.ValueKind != JsonValueKind.Object)
        {
            var text = error.Text() ?? "The provider failed.";
            return new(Categorize(status, null, text), SecretMask.Apply(text), status, null, retryAfter);
        }

        var message = error.Text("message") ?? "The provider failed.";
        status ??= ParseStatus(error.Member("code"));
        string?[] codes =
        [
            .. new[]
            {
                error.Text("code"),
                error.Member("details").Text("error_code"),
                error.Member("metadata").Text("error_type"),
                error.Text("type"),
            }.Where(c => c is not null && !char.IsAsciiDigit(c[0])),
        ];
        var code =
            codes.FirstOrDefault(c =>
                _billing.Contains(c!) || _contextLength.Contains(c!) || _contentFilter.Contains(c!)
            ) ?? codes.FirstOrDefault();
        return new(
            Categorize(status, code, message),
            SecretMask.Apply(message),
            status,
            SecretMask.Apply(code),
            retryAfter,
            SecretMask.Apply(error.Text("param"))
        );
    }

    /// <summary>Reads the status that OpenRouter sends as the error code in a response with status 200.</summary>
    private static int? ParseStatus(JsonElement code) =>
        int.TryParse(
            code.ValueKind == JsonValueKind.Number ? code.GetRawText() : code.Text(),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        ) && number is >= 400 and < 600
            ? number
            : null;

    private static ErrorCategory Categorize(int? status, string? code, string message)
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
            // Anthropic, vLLM and others have no error code for an exceeded context length.
            400 or 413 or 422 or null when IsContextLengthMessage(message) => ErrorCategory.ContextLength,
            401 or 403 => ErrorCategory.Authentication,
            402 => ErrorCategory.Billing,
            429 => ErrorCategory.RateLimited,
            503 or 529 => ErrorCategory.Overloaded,
            408 or 409 or >= 500 => ErrorCategory.ServerError,
            >= 400 => ErrorCategory.InvalidRequest,
            _ => FromCode(code),
        };
    }

    /// <summary>Classifies an error within a stream, which has no status.</summary>
    private static ErrorCategory FromCode(string? code) =>
        code switch
        {
            "rate_limit_error" or "rate_limit_exceeded" or "slow_down" => ErrorCategory.RateLimited,
            "overloaded_error" or "provider_overloaded" or "provider_unavailable" or "server_is_overloaded" =>
                ErrorCategory.Overloaded,
            "authentication_error" or "permission_error" or "invalid_api_key" => ErrorCategory.Authentication,
            "not_found_error" or "request_too_large" => ErrorCategory.InvalidRequest,
            "timeout" or "timeout_error" => ErrorCategory.Timeout,
            _ when code?.StartsWith("invalid_", StringComparison.Ordinal) == true => ErrorCategory.InvalidRequest,
            _ => ErrorCategory.ServerError,
        };

    private static bool IsContextLengthMessage(string message) =>
        message.Contains("prompt is too long", StringComparison.OrdinalIgnoreCase)
        || message.Contains("maximum context length", StringComparison.OrdinalIgnoreCase)
        || message.Contains("context window", StringComparison.OrdinalIgnoreCase)
        || message.Contains("context size", StringComparison.OrdinalIgnoreCase);
}
