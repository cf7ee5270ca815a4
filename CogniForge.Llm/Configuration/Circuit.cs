namespace CogniForge.Llm.Configuration;

/// <summary>The states of a circuit breaker.</summary>
internal enum Circuit
{
    /// <summary>Normal.</summary>
    Closed,

    /// <summary>Not asked, after too many failures.</summary>
    Open,

    /// <summary>One request tries whether it is well again.</summary>
    HalfOpen,
}
