namespace CogniForge.Llm.Routing;

/// <summary>The timeouts of calls to one target.</summary>
/// <param name="Connect">Until a new connection is established, with TLS. Default: 10 s.</param>
/// <param name="FirstToken">Streams: silence before the first token. Default: 2 min.</param>
/// <param name="Silence">Streams: silence after the first token. Default: 2 min.</param>
/// <param name="Response">
/// Not streamed: until the complete response of one attempt. Default: 10 min, as long as SDKs wait.
/// </param>
/// <param name="Total">The whole request, including retries and fallbacks. Default: 15 min.</param>
/// <param name="KeepAlive">
/// The silence of a client's stream before a keep-alive; zero: none is sent. Default: 15 s.
/// </param>
internal readonly record struct Timeouts(
    TimeSpan Connect,
    TimeSpan FirstToken,
    TimeSpan Silence,
    TimeSpan Response,
    TimeSpan Total,
    TimeSpan KeepAlive
)
{
    public static Timeouts Default { get; } =
        new(
            Connect: TimeSpan.FromSeconds(10),
            FirstToken: TimeSpan.FromMinutes(2),
            Silence: TimeSpan.FromMinutes(2),
            Response: TimeSpan.FromMinutes(10),
            Total: TimeSpan.FromMinutes(15),
            KeepAlive: TimeSpan.FromSeconds(15)
        );

    /// <summary>Replaces the timeouts that are set closer to the request.</summary>
    public Timeouts Override(TimeoutOverrides? closer) =>
        closer is null
            ? this
            : new(
                closer.Connect ?? Connect,
                closer.FirstToken ?? FirstToken,
                closer.Silence ?? Silence,
                closer.Response ?? Response,
                closer.Total ?? Total,
                closer.KeepAlive ?? KeepAlive
            );
}
