namespace CogniForge.Llm.Limits.Rates;

/// <summary>
/// The rates of a key or route in this replica: the whole limits while Redis is unavailable, otherwise its slice, a
/// hundredth of large limits that it has taken from Redis in advance, for a second. Thread-safe.
/// </summary>
internal sealed class LocalRates
{
    private const int Divisor = 100;
    private const int MinRequestLimit = 10 * Divisor;
    private const int MinTokenLimit = 1_000 * Divisor;
    private static readonly TimeSpan _sliceLifetime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _idle = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();

    // With a slice, the levels that Redis would have, had nothing been taken in advance.
    private readonly TokenBucket _requests = new();
    private readonly TokenBucket _tokens = new();
    private RateLimits _limits = new();
    private DateTimeOffset _usedAt;
    private RateLimits? _sliceOf;
    private RateAmount _slice;
    private DateTimeOffset _sliceEnd;
    private bool _isRefilling;

    /// <summary>Takes what a request needs from the buckets, all or nothing.</summary>
    public ReservationResult Acquire(RateLimits limits, RateAmount needed, DateTimeOffset now)
    {
        lock (_lock)
        {
            (_limits, _usedAt) = (limits, now);
            var (rpm, tpm) = (limits.RequestsPerMinute ?? 0, limits.TokensPerMinute ?? 0);
            var requests = _requests.GetLevel(rpm, now.ToUnixTimeMilliseconds());
            var tokens = _tokens.GetLevel(tpm, now.ToUnixTimeMilliseconds());

            // One that needs more than a minute holds gets it from a full bucket, which is in debt afterwards.
            var lacksRequests = needed.Requests > 0 && requests < needed.Requests * TokenBucket.Unit;
            var lacksTokens = needed.Tokens > 0 && tokens < Math.Min(needed.Tokens, tpm) * TokenBucket.Unit;
            return lacksRequests || lacksTokens
                ? ReservationResult.FromRates(
                    lacksRequests ? ReservationStatus.RequestRate : ReservationStatus.TokenRate,
                    limits,
                    requests,
                    tokens
                )
                : Take(limits, needed, now);
        }
    }

    /// <summary>Takes what a request needs from the slice; null: only Redis can decide.</summary>
    public ReservationResult? TryAcquireFromSlice(RateLimits limits, RateAmount needed, DateTimeOffset now)
    {
        lock (_lock)
        {
            (_limits, _usedAt) = (limits, now);
            if (_sliceOf != limits || now >= _sliceEnd || !_slice.Covers(needed))
            {
                return null;
            }

            _slice -= needed;
            return Take(limits, needed, now);
        }
    }

    /// <summary>Begins to take a new slice, which <see cref="EndRefill"/> ends.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="unused">What is left of the old slice, to be put back.</param>
    /// <returns>The slice to take; nothing if the limits are small, or another request takes one.</returns>
    public RateAmount BeginRefill(RateLimits limits, out RateAmount unused)
    {
        lock (_lock)
        {
            unused = default;
            var isSmall = limits is { RequestsPerMinute: < MinRequestLimit } or { TokensPerMinute: < MinTokenLimit };
            if (isSmall || _isRefilling)
            {
                return default;
            }

            (_isRefilling, unused, _slice) = (true, _slice, default);
            return new((limits.RequestsPerMinute ?? 0) / Divisor, (limits.TokensPerMinute ?? 0) / Divisor);
        }
    }

    /// <param name="limits">The limits.</param>
    /// <param name="slice">The slice; nothing: Redis gave none.</param>
    /// <param name="levels">The levels, the slice included; null: Redis gave none.</param>
    /// <param name="now">The time.</param>
    public void EndRefill(RateLimits limits, RateAmount slice, ReservationResult? levels, DateTimeOffset now)
    {
        lock (_lock)
        {
            (_isRefilling, _sliceOf, _slice, _sliceEnd) = (false, limits, slice, now + _sliceLifetime);
            if (levels is { } known)
            {
                _requests.SetLevel(known.Requests?.Level, now.ToUnixTimeMilliseconds());
                _tokens.SetLevel(known.Tokens?.Level, now.ToUnixTimeMilliseconds());
            }
        }
    }

    /// <summary>Puts back what was acquired from the buckets, or takes it where negative.</summary>
    public void Return(RateAmount amount)
    {
        lock (_lock)
        {
            _requests.Return(amount.Requests);
            _tokens.Return(amount.Tokens);
        }
    }

    /// <summary>Ends a slice that has expired.</summary>
    /// <param name="now">The time.</param>
    /// <param name="unused">What is left of it, to be put back.</param>
    /// <returns>Whether the rates were not used for long, and no debt is left.</returns>
    public bool ExpireSlice(DateTimeOffset now, out RateAmount unused)
    {
        lock (_lock)
        {
            unused = now >= _sliceEnd ? _slice : default;
            _slice -= unused;
            var limit = _limits.TokensPerMinute ?? 0;
            var isWhole = _tokens.GetLevel(limit, now.ToUnixTimeMilliseconds()) >= limit * TokenBucket.Unit;
            return now >= _usedAt + _idle && isWhole && !_isRefilling;
        }
    }

    private ReservationResult Take(RateLimits limits, RateAmount amount, DateTimeOffset now) =>
        ReservationResult.FromRates(
            ReservationStatus.Granted,
            limits,
            _requests.Take(limits.RequestsPerMinute ?? 0, now.ToUnixTimeMilliseconds(), amount.Requests),
            _tokens.Take(limits.TokensPerMinute ?? 0, now.ToUnixTimeMilliseconds(), amount.Tokens)
        );
}
