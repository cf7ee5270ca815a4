namespace CogniForge.Llm.Limits;

/// <summary>
/// A hundredth of a key's rates that this replica has taken from Redis beforehand, so that not each request has to ask there. Only of large limits, while at least half of the minute is left, and for a
/// second: what is not used then is put back. So a limit is never exceeded, and where it is nearly used up, Redis alone decides. Thread-safe.
/// </summary>
internal sealed class RateSlice
{
    private const int Part = 100;
    private const int LeastRequests = 10 * Part;
    private const int LeastTokens = 1_000 * Part;
    private static readonly TimeSpan _life = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _idle = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();

    // What the buckets in Redis would hold, had nothing been taken beforehand.
    private readonly TokenBucket _requests = new();
    private readonly TokenBucket _tokens = new();
    private (int? Requests, int? Tokens) _limits;
    private RateAmount _left;
    private DateTimeOffset _until;
    private bool _isAskedFor;

    /// <summary>Whether limits are large enough; the others leave too little for a slice to be worth it.</summary>
    public static bool Suits(KeyLimits limits) =>
        limits is not { RequestsPerMinute: null, TokensPerMinute: null }
        && limits.RequestsPerMinute is null or >= LeastRequests
        && limits.TokensPerMinute is null or >= LeastTokens;

    /// <summary>Takes a claim.</summary>
    /// <returns>The levels afterwards; null: Redis has to be asked.</returns>
    public (double Requests, double Tokens)? TryTake(Reservation reservation)
    {
        var (rpm, tpm) = Limits(reservation);
        lock (_lock)
        {
            if (
                _limits != (rpm, tpm)
                || reservation.At >= _until
                || (rpm is not null && _left.Requests < 1)
                || (tpm is not null && _left.Tokens < reservation.Tokens)
            )
            {
                return null;
            }

            _left -= Needed(reservation);
            var now = reservation.At.ToUnixTimeMilliseconds();
            return (_requests.Take(rpm ?? 0, now, 1), _tokens.Take(tpm ?? 0, now, reservation.Tokens));
        }
    }

    /// <summary>Puts back what a claim has taken that is not granted for another reason.</summary>
    public void PutBack(Reservation reservation)
    {
        lock (_lock)
        {
            _left += Needed(reservation);
            _requests.Correct(-1);
            _tokens.Correct(-reservation.Tokens);
        }
    }

    /// <summary>Redis is to be asked for a claim, and for a slice by the way; <see cref="Got"/> has to follow.</summary>
    /// <returns>The slice to ask for, and what to put back of the one before; null: somebody asks already.</returns>
    public (RateAmount Wanted, RateAmount Back)? Ask(Reservation reservation)
    {
        lock (_lock)
        {
            if (_isAskedFor)
            {
                return null;
            }

            _isAskedFor = true;
            var back = _left;
            (_left, _until) = (default, default);
            var (rpm, tpm) = Limits(reservation);
            return (new((rpm ?? 0) / Part, (tpm ?? 0) / Part), back);
        }
    }

    /// <summary>Redis was asked.</summary>
    /// <param name="reservation">The claim.</param>
    /// <param name="slice">The slice; null: there is none.</param>
    /// <param name="requests">The level of requests, the slice included.</param>
    /// <param name="tokens">That of tokens.</param>
    public void Got(Reservation reservation, RateAmount? slice, double requests, double tokens)
    {
        lock (_lock)
        {
            _isAskedFor = false;
            if (slice is not null)
            {
                var now = reservation.At.ToUnixTimeMilliseconds();
                (_limits, _left, _until) = (Limits(reservation), slice.Value, reservation.At + _life);
                _requests.Restore(requests, now);
                _tokens.Restore(tokens, now);
            }
        }
    }

    /// <summary>Ends a slice whose time is over.</summary>
    /// <returns>What is to be put back of it.</returns>
    public RateAmount End(DateTimeOffset now)
    {
        lock (_lock)
        {
            var back = now >= _until ? _left : default;
            _left -= back;
            return back;
        }
    }

    /// <summary>Whether nobody has used it for long.</summary>
    public bool IsIdle(DateTimeOffset now)
    {
        lock (_lock)
        {
            return now >= _until + _idle && !_isAskedFor;
        }
    }

    private static (int?, int?) Limits(Reservation reservation) =>
        (reservation.Limits.RequestsPerMinute, reservation.Limits.TokensPerMinute);

    private static RateAmount Needed(Reservation reservation) =>
        new(
            reservation.Limits.RequestsPerMinute is null ? 0 : 1,
            reservation.Limits.TokensPerMinute is null ? 0 : reservation.Tokens
        );
}
