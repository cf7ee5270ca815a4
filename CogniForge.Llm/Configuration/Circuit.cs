namespace CogniForge.Llm.Configuration;

/// <summary>The state of a circuit breaker.</summary>
internal enum Circuit
{
    /// <summary>Requests go through.</summary>
    Closed,

    /// <summary>No request goes through, after too many failures.</summary>
    Open,

    /// <summary>One request tests whether the target works again.</summary>
    HalfOpen,
}
