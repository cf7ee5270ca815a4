using CogniForge.Llm.Protocols;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Gateway;

/// <summary>How an attempt at a target ended.</summary>
/// <param name="Metadata">What the answer says of itself; null: there was none.</param>
/// <param name="OutputCharacters">The size of the answer.</param>
/// <param name="Failure">Why it failed; null: the client has its whole answer.</param>
/// <param name="HasBegun">Whether a part of the answer has gone out, after which nobody else can answer.</param>
internal sealed record AttemptResult(
    ResponseMetadata? Metadata,
    int OutputCharacters,
    ProviderError? Failure,
    bool HasBegun
)
{
    /// <summary>Nothing has gone out.</summary>
    public static AttemptResult Failed(ProviderError error) => new(null, 0, error, false);
}
