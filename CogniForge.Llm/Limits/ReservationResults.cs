namespace CogniForge.Llm.Limits;

/// <summary>Words a verdict from the state of a key's limits.</summary>
internal static class ReservationResults
{
    // Requests that are being answered may need less than was taken for them, and what is over comes back with their end: nobody is to sleep until all of it would have grown again.
    private static readonly TimeSpan _longestWait = TimeSpan.FromMinutes(1);

    /// <summary>The verdict.</summary>
    /// <param name="reservation">The claim.</param>
    /// <param name="result">Whether it is granted.</param>
    /// <param name="requests">The level of requests afterwards.</param>
    /// <param name="tokens">The level of tokens afterwards.</param>
    /// <param name="output">The output tokens that the budget bears.</param>
    /// <param name="left">What is left of the budget.</param>
    public static ReservationResult Create(
        Reservation reservation,
        ReservationStatus result,
        double requests,
        double tokens,
        int output,
        long? left
    )
    {
        var (rpm, tpm) = (reservation.Limits.RequestsPerMinute, reservation.Limits.TokensPerMinute);
        TimeSpan? retryAfter = result switch
        {
            ReservationStatus.RequestRate => RateLevel.After(rpm!.Value, requests, 1),
            ReservationStatus.TokenRate => new[]
            {
                RateLevel.After(tpm!.Value, tokens, Math.Min(reservation.Tokens, tpm.Value)),
                _longestWait,
            }.Min(),
            _ => null,
        };
        return new(
            result,
            result == ReservationStatus.Granted ? output : 0,
            rpm is { } r ? RateLevel.Create(r, requests) : null,
            tpm is { } t ? RateLevel.Create(t, tokens) : null,
            left,
            retryAfter
        );
    }
}
