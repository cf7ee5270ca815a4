namespace CogniForge.Llm.Routing;

/// <summary>
/// The timeouts that the service, a provider or a route sets; null: those of the next wider one, see <see
/// cref="Timeouts"/>.
/// </summary>
internal sealed record TimeoutOverrides(
    TimeSpan? Connect = null,
    TimeSpan? FirstToken = null,
    TimeSpan? Silence = null,
    TimeSpan? Response = null,
    TimeSpan? Total = null,
    TimeSpan? KeepAlive = null
);
