using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Resilience;

/// <summary>Creates the error for the client after all retries and fallbacks have failed.</summary>
internal static class ClientErrors
{
    /// <param name="model">The requested model.</param>
    /// <param name="missing">
    /// The provider that would serve it if it were configured; null: none is known.
    /// </param>
    public static ClientError UnknownModel(string model, string? missing) =>
        new(
            404,
            ErrorCategory.InvalidRequest,
            missing is null
                ? $"The model '{model}' does not exist; GET /v1/models lists the available models."
                : $"The model '{model}' does not exist: the provider {missing} is not configured. "
                    + $"Set {GetSetting(missing)}, or create a route of that name; "
                    + "GET /v1/models lists the available models.",
            "model",
            "model_not_found"
        );

    private static string GetSetting(string provider) =>
        ProviderProfiles.Find(provider) is { NeedsKey: false }
            ? $"Providers__{provider}__Kind={provider}"
            : $"its API key in Providers__{provider}__ApiKey";

    /// <summary>The request log's entry for a client that disconnects, with nginx's status.</summary>
    public static ClientError Disconnected { get; } = new(499, ErrorCategory.Cancelled, "The client disconnected.");

    public static ClientError Unsupported(UnsupportedByProviderException e) =>
        new(400, ErrorCategory.InvalidRequest, e.Message, e.Path);

    /// <param name="error">The error of the target that was tried last.</param>
    /// <param name="target">The target.</param>
    public static ClientError From(ProviderError error, ResolvedTarget target) =>
        error.Category switch
        {
            ErrorCategory.InvalidRequest => new(
                error.Status is >= 400 and < 500 and var status ? status : 400,
                error.Category,
                error.Message,
                error.Param,
                error.Code == "invalid_request_error" ? null : error.Code
            ),
            ErrorCategory.ModelNotFound => new(404, error.Category, error.Message, error.Param, "model_not_found"),
            ErrorCategory.RequestTooLarge => new(413, error.Category, error.Message, error.Param, error.Code),
            ErrorCategory.ContextLength => new(
                400,
                error.Category,
                error.Message,
                error.Param,
                "context_length_exceeded"
            ),
            ErrorCategory.ContentFilter => new(400, error.Category, error.Message, error.Param, "content_filter"),
            ErrorCategory.Authentication => new(
                502,
                error.Category,
                $"The provider {target.Provider.Name} does not accept the gateway's key.",
                null,
                "provider_authentication"
            ),
            ErrorCategory.Billing => new(
                502,
                error.Category,
                $"The gateway's account at {target.Provider.Name} has no credit left: {error.Message}",
                null,
                "provider_billing"
            ),
            ErrorCategory.RateLimited => new(
                429,
                error.Category,
                $"The rate limit of {target.Provider.Name} is reached: {error.Message}",
                null,
                "provider_rate_limited"
            ),
            ErrorCategory.Overloaded => new(
                503,
                error.Category,
                $"{target.Provider.Name} is overloaded: {error.Message}",
                null,
                "provider_overloaded"
            ),
            ErrorCategory.CircuitOpen => new(503, error.Category, error.Message, null, "circuit_open"),
            ErrorCategory.Timeout => new(
                504,
                error.Category,
                $"{target.Id}: {error.Message}",
                null,
                "provider_timeout"
            ),
            _ => new(502, error.Category, $"{target.Id}: {error.Message}", null, "provider_failed"),
        };

    /// <summary>Whether a retry may succeed soon; SDKs read it from the header <c>x-should-retry</c>.</summary>
    public static bool IsRetriable(ErrorCategory category) =>
        category
            is ErrorCategory.RateLimited
                or ErrorCategory.KeyRateLimited
                or ErrorCategory.RouteRateLimited
                or ErrorCategory.Overloaded
                or ErrorCategory.ServerError
                or ErrorCategory.Network
                or ErrorCategory.Timeout
                or ErrorCategory.InvalidResponse
                or ErrorCategory.CircuitOpen
                or ErrorCategory.Internal;
}
