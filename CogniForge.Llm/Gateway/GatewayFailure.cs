using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Gateway;

/// <summary>A failure that the client is to be told of.</summary>
/// <param name="Error">The failure.</param>
/// <param name="HasBegun">Whether a stream has begun, so that it has to be told as an event of it.</param>
/// <param name="RetryAfter">When it is of use to try again; null: unknown.</param>
/// <param name="Route">The route that was found; null: none was.</param>
/// <param name="Target">The target that was asked last; null: none was.</param>
internal sealed record GatewayFailure(
    ClientError Error,
    bool HasBegun = false,
    TimeSpan? RetryAfter = null,
    string? Route = null,
    string? Target = null
);
