namespace CogniForge.Llm.Resilience;

/// <summary>Why a request or an attempt failed, as reported in logs, metrics and the request log.</summary>
internal enum ErrorCategory
{
    /// <summary>The request is invalid (400, 422), at every target.</summary>
    InvalidRequest,

    /// <summary>The target's model is unknown to the provider, or no longer served (404, 410).</summary>
    ModelNotFound,

    /// <summary>The request is larger than this target accepts (413).</summary>
    RequestTooLarge,

    /// <summary>The conversation exceeds the model's context window.</summary>
    ContextLength,

    /// <summary>The provider's content filter rejects the request.</summary>
    ContentFilter,

    /// <summary>The provider rejects the gateway's API key (401, 403).</summary>
    Authentication,

    /// <summary>
    /// The account at the provider has no credit or quota left (402, <c>insufficient_quota</c>, spend limits).
    /// </summary>
    Billing,

    /// <summary>The provider's rate limit is reached (429).</summary>
    RateLimited,

    /// <summary>The provider is overloaded (498, 503, 529).</summary>
    Overloaded,

    /// <summary>The provider failed (other 5xx, 408, 409).</summary>
    ServerError,

    /// <summary>The connection failed, or broke before the response.</summary>
    Network,

    /// <summary>A timeout expired: connecting, first token, time between chunks, or total.</summary>
    Timeout,

    /// <summary>The response violates the protocol, or is truncated.</summary>
    InvalidResponse,

    /// <summary>The target's circuit breaker is open; the target was not called.</summary>
    CircuitOpen,

    /// <summary>The budget of the API key is used up.</summary>
    BudgetExceeded,

    /// <summary>The rate limit of the API key is reached.</summary>
    KeyRateLimited,

    /// <summary>The rate limit of the route, shared by all API keys, is reached.</summary>
    RouteRateLimited,

    /// <summary>The API key has no permission for the request.</summary>
    Forbidden,

    /// <summary>The client disconnected.</summary>
    Cancelled,

    /// <summary>An internal error of the gateway.</summary>
    Internal,
}
