using CogniForge.Llm.Limits.Rates;

namespace CogniForge.Llm.Limits;

/// <summary>The permission to read a request's body.</summary>
/// <param name="Rate">The levels after the request was taken from its key's rate; null: it was not taken.</param>
internal sealed record RequestPermit(RateResult? Rate);
