namespace CogniForge.Llm.Routing;

/// <summary>How long the gateway waits for a target.</summary>
/// <param name="FirstToken">Streams: for the first part of the answer. Default: 10 s.</param>
/// <param name="Silence">Streams: between two parts. Default: 20 s.</param>
/// <param name="Answer">Not streamed: for the whole answer of one attempt. Default: 60 s.</param>
/// <param name="Total">For everything, with retries and fall-back. Default: 10 min.</param>
internal sealed record RouteTimeouts(
    TimeSpan? FirstToken = null,
    TimeSpan? Silence = null,
    TimeSpan? Answer = null,
    TimeSpan? Total = null
);
