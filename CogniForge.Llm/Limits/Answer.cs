using StackExchange.Redis;

namespace CogniForge.Llm.Limits;

/// <summary>What Redis answers to a claim.</summary>
/// <param name="Result">Whether it is granted, or why the budget cannot be asked yet.</param>
/// <param name="Requests">The level of requests, the slice included.</param>
/// <param name="Tokens">That of tokens.</param>
/// <param name="Output">The output tokens granted.</param>
/// <param name="Left">What is left of the budget.</param>
/// <param name="HasSlice">Whether it gave the slice that was asked for.</param>
/// <param name="Expired">Requests that should have been settled.</param>
internal sealed record Answer(
    ReservationStatus Result,
    double Requests,
    double Tokens,
    int Output,
    long Left,
    bool HasSlice,
    IReadOnlyList<Guid> Expired
)
{
    public static Answer Read(RedisResult[] values, RateAmount slice)
    {
        var result = (ReservationStatus)(int)values[0];
        if (values.Length == 1)
        {
            return new(result, 0, 0, 0, 0, false, []);
        }

        var hasSlice = (int)values[5] == 1;
        var (requests, tokens) = ((double)(long)values[1], (double)(long)values[2]);
        return new(
            result,
            hasSlice ? requests + (slice.Requests * TokenBucket.Unit) : requests,
            hasSlice ? tokens + (slice.Tokens * TokenBucket.Unit) : tokens,
            (int)values[3],
            (long)values[4],
            hasSlice,
            values.Length == 6 ? [] : [.. values.Skip(6).Select(v => Guid.ParseExact((string)v!, "N"))]
        );
    }
}
