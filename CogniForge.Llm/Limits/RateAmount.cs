namespace CogniForge.Llm.Limits;

/// <summary>An amount of a key's rates.</summary>
/// <param name="Requests">Requests.</param>
/// <param name="Tokens">Tokens.</param>
internal readonly record struct RateAmount(int Requests, int Tokens)
{
    public static RateAmount operator +(RateAmount one, RateAmount other) =>
        new(one.Requests + other.Requests, one.Tokens + other.Tokens);

    public static RateAmount operator -(RateAmount one, RateAmount other) =>
        new(one.Requests - other.Requests, one.Tokens - other.Tokens);
}
