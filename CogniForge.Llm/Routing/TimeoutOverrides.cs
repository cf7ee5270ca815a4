namespace CogniForge.Llm.Routing;

/// <summary>The timeouts of a route.</summary>
/// <param name="FirstToken">Streams: until the first token of the response. Default: 10 s.</param>
/// <param name="Silence">Streams: between two chunks. Default: 20 s.</param>
/// <param name="Response">Not streamed: until the complete response of one attempt. Default: 60 s.</param>
/// <param name="Total">The whole request, including retries and fallbacks. Default: 10 min.</param>
internal sealed record TimeoutOverrides(
    TimeSpan? FirstToken = null,
    TimeSpan? Silence = null,
    TimeSpan? Response = null,
    TimeSpan? Total = null
);
