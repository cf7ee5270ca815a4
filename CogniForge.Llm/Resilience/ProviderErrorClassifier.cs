using System.Globalization;
using System.Text;
using System.Text.Json;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Resilience;

/// <summary>
/// Classifies error responses of providers: by the error code, then the message, then the status. Some billing errors
/// are 429, and others 400 without a code.
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
        "exceeded_current_quota_error",
        "Arrearage",
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

    private static readonly HashSet<string> _modelNotFound = new(StringComparer.OrdinalIgnoreCase)
    {
        "model_not_found",
        "model_decommissioned",
        "model_archived",
        "DeploymentNotFound",
    };

    /// <summary>Classifies a response with an error status.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The body, JSON or not.</param>
    /// <param name="retryAfter">The delay from the response headers; null: none.</param>
    /// <param name="request">The request's body: an error may quote its words, which then mean nothing.</param>
    public static ProviderError ClassifyResponse(
        int status,
        ReadOnlyMemory<byte> body,
        TimeSpan? retryAfter,
        ReadOnlyMemory<byte> request = default
    )
    {
        string? text = null;
        try
        {
            using var document = JsonDocument.Parse(body);
            if (ProviderErrorReader.Find(document.RootElement) is { } error)
            {
                return ClassifyError(error, status, retryAfter, request);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An HTML page of a proxy, an empty body, or invalid Unicode in a name: at most a short text remains.
            text = ProviderErrorReader.ReadText(Encoding.UTF8.GetString(body.Span));
        }

        var message = text ?? $"The provider responded with status {status}.";
        return new(Categorize(status, null, message, request), SecretMask.Apply(message), status, null, retryAfter);
    }

    /// <summary>Classifies an <c>error</c> member in the format of OpenAI, Anthropic or OpenRouter.</summary>
    /// <param name="error">The member: an object, or a string, as some servers send it.</param>
    /// <param name="status">The HTTP status; null: the error is part of a response with status 200.</param>
    /// <param name="retryAfter">The delay from the response headers; null: none.</param>
    /// <param name="request">The request's body; empty: unknown.</param>
    public static ProviderError ClassifyError(
        JsonElement error,
        int? status = null,
        TimeSpan? retryAfter = null,
        ReadOnlyMemory<byte> request = default
    )
    {
        if (error.ValueKind != JsonValueKind.Object)
        {
            var text = ProviderErrorReader.FindMessage(error) ?? "The provider failed.";
            return new(Categorize(status, null, text, request), SecretMask.Apply(text), status, null, retryAfter);
        }

        var message = ProviderErrorReader.FindMessage(error) ?? "The provider failed.";
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
            codes.FirstOrDefault(c => FromKnownCode(c!) is not null) ?? codes.FirstOrDefault();
        return new(
            Categorize(status, code, message, request),
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

    private static ErrorCategory Categorize(
        int? status,
        string? code,
        string message,
        ReadOnlyMemory<byte> request
    ) => FromKnownCode(code) ?? FromMessage(status, message, request.Span) ?? FromStatus(status, code);

    private static ErrorCategory? FromKnownCode(string? code) =>
        code is null ? null
        : _billing.Contains(code) ? ErrorCategory.Billing
        : _contextLength.Contains(code) ? ErrorCategory.ContextLength
        : _contentFilter.Contains(code) ? ErrorCategory.ContentFilter
        : _modelNotFound.Contains(code) ? ErrorCategory.ModelNotFound
        : code == "engine_overloaded_error" ? ErrorCategory.Overloaded // Kimi's, with 429
        : null;

    /// <summary>
    /// The message says more than most statuses. Some report an empty account as 429 (macanderson/stella#2) and a long
    /// conversation as 500 (ultraworkers/claw-code#3164); otherwise these statuses mean what they say.
    /// </summary>
    private static ErrorCategory? FromMessage(int? status, string message, ReadOnlySpan<byte> request)
    {
        var category = ProviderErrorPhrases.Find(message, request);
        return status switch
        {
            429 when category != ErrorCategory.Billing => null,
            >= 500 when category != ErrorCategory.ContextLength => null,
            _ => category,
        };
    }

    private static ErrorCategory FromStatus(int? status, string? code) =>
        status switch
        {
            401 or 403 => ErrorCategory.Authentication,
            402 => ErrorCategory.Billing,
            404 or 410 => ErrorCategory.ModelNotFound,
            413 => ErrorCategory.RequestTooLarge,
            429 => ErrorCategory.RateLimited,
            498 or 503 or 529 => ErrorCategory.Overloaded, // 498: Groq's flex tier (console.groq.com/docs/errors)
            408 or 409 or >= 500 => ErrorCategory.ServerError,
            >= 400 => ErrorCategory.InvalidRequest,
            _ => FromCode(code),
        };

    /// <summary>Classifies an error within a stream, which has no status.</summary>
    private static ErrorCategory FromCode(string? code) =>
        code switch
        {
            "rate_limit_error" or "rate_limit_exceeded" or "slow_down" => ErrorCategory.RateLimited,
            "overloaded_error" or "provider_overloaded" or "provider_unavailable" or "server_is_overloaded" =>
                ErrorCategory.Overloaded,
            "authentication_error" or "permission_error" or "invalid_api_key" => ErrorCategory.Authentication,
            "not_found_error" => ErrorCategory.ModelNotFound,
            "request_too_large" => ErrorCategory.RequestTooLarge,
            "timeout" or "timeout_error" => ErrorCategory.Timeout,
            _ when code?.StartsWith("invalid_", StringComparison.Ordinal) == true => ErrorCategory.InvalidRequest,
            _ => ErrorCategory.ServerError,
        };
}
