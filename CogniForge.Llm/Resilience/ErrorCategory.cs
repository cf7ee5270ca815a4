namespace CogniForge.Llm.Resilience;

/// <summary>Why a request or an attempt failed: in the log, the metrics and the request log by this name.</summary>
internal enum ErrorCategory
{
    /// <summary>The request is wrong (400, 404, 413, 422); it is as wrong everywhere.</summary>
    InvalidRequest,

    /// <summary>The conversation is longer than the model takes.</summary>
    ContextLength,

    /// <summary>The provider refuses the content.</summary>
    ContentFilter,

    /// <summary>The provider does not accept the gateway's key (401, 403).</summary>
    Authentication,

    /// <summary>The provider's account has no money or quota left (402, <c>insufficient_quota</c>, spend limits).</summary>
    Billing,

    /// <summary>Too many requests (429) for now.</summary>
    RateLimited,

    /// <summary>The provider is overloaded (503, 529).</summary>
    Overloaded,

    /// <summary>The provider failed (other 5xx, 408, 409).</summary>
    ServerError,

    /// <summary>No connection, or it broke before the answer.</summary>
    Network,

    /// <summary>Too slow: connecting, the first token, silence between chunks, or all in all.</summary>
    Timeout,

    /// <summary>The answer is not what the protocol says, or was cut in its middle.</summary>
    InvalidResponse,

    /// <summary>The target's circuit breaker is open; it was not asked.</summary>
    CircuitOpen,

    /// <summary>The key's budget is used up.</summary>
    BudgetExceeded,

    /// <summary>The key's own rate limit.</summary>
    KeyRateLimited,

    /// <summary>The route's rate limit, which all keys share.</summary>
    RouteRateLimited,

    /// <summary>The key may not ask for this.</summary>
    Forbidden,

    /// <summary>The client went away.</summary>
    Cancelled,

    /// <summary>The gateway itself failed.</summary>
    Internal,
}
