namespace CogniForge.Llm.Limits.Rates;

/// <summary>An amount of requests and tokens; negative: to put back.</summary>
internal readonly record struct RateAmount(int Requests, long Tokens)
{
    public bool Covers(RateAmount needed) => Requests >= needed.Requests && Tokens >= needed.Tokens;

    public static RateAmount operator +(RateAmount left, RateAmount right) =>
        new(left.Requests + right.Requests, left.Tokens + right.Tokens);

    public static RateAmount operator -(RateAmount left, RateAmount right) =>
        new(left.Requests - right.Requests, left.Tokens - right.Tokens);
}
