namespace CogniForge.Llm.Limits.Rates;

/// <summary>
/// A hundredth of a key's limits that this replica has taken in advance, to be used within a second, so that not every
/// request asks Redis. Only large limits have slices, and only while half of the minute is left. Thread-safe.
/// </summary>
internal sealed class RateSlice
{
    private const int Divisor = 100;
    private const int MinRequestLimit = 10 * Divisor;
    private const int MinTokenLimit = 1_000 * Divisor;
    private static readonly TimeSpan _lifetime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _idle = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();

    // The levels that Redis would have, had nothing been taken in advance.
    private readonly TokenBucket _requests = new();
    private readonly TokenBucket _tokens = new();
    private RateLimits? _limits;
    private RateAmount _unused;
    private DateTimeOffset _expiresAt;
    private bool _isRefilling;

    /// <summary>Whether limits are large enough for slices.</summary>
    public static bool Suits(RateLimits limits) =>
        limits.RequestsPerMinute is null or >= MinRequestLimit && limits.TokensPerMinute is null or >= MinTokenLimit;

    /// <summary>The slice of limits.</summary>
    public static RateAmount GetSize(RateLimits limits) =>
        new((limits.RequestsPerMinute ?? 0) / Divisor, (limits.TokensPerMinute ?? 0) / Divisor);

    /// <summary>Takes what a request needs.</summary>
    /// <returns>Null: Redis has to be asked.</returns>
    public RateResult? TryAcquire(RateRequest request)
    {
        var needed = request.Needed;
        lock (_lock)
        {
            if (
                _limits != request.Limits
                || request.At >= _expiresAt
                || _unused.Requests < needed.Requests
                || _unused.Tokens < needed.Tokens
            )
            {
                return null;
            }

            _unused -= needed;
            var now = request.At.ToUnixTimeMilliseconds();
            return new(
                ReservationStatus.Granted,
                _requests.Take(request.Limits.RequestsPerMinute ?? 0, now, needed.Requests),
                _tokens.Take(request.Limits.TokensPerMinute ?? 0, now, needed.Tokens)
            );
        }
    }

    /// <summary>Begins a refill, which <see cref="EndRefill"/> has to end.</summary>
    /// <param name="unused">What is left of the slice, to be put back.</param>
    /// <returns>False: another request refills it.</returns>
    public bool TryBeginRefill(out RateAmount unused)
    {
        lock (_lock)
        {
            unused = _isRefilling ? default : _unused;
            if (_isRefilling)
            {
                return false;
            }

            (_isRefilling, _unused, _expiresAt) = (true, default, default);
            return true;
        }
    }

    /// <summary>Ends a refill.</summary>
    /// <param name="request">The request that asked Redis.</param>
    /// <param name="result">The levels, the slice included; null: Redis gave no slice.</param>
    public void EndRefill(RateRequest request, RateResult? result)
    {
        lock (_lock)
        {
            _isRefilling = false;
            if (result is { } levels)
            {
                var now = request.At.ToUnixTimeMilliseconds();
                (_limits, _unused, _expiresAt) = (request.Limits, GetSize(request.Limits), request.At + _lifetime);
                _requests.SetLevel(levels.RequestLevel, now);
                _tokens.SetLevel(levels.TokenLevel, now);
            }
        }
    }

    /// <summary>Ends an expired slice.</summary>
    /// <returns>What is left of it, to be put back.</returns>
    public RateAmount TakeExpired(DateTimeOffset now)
    {
        lock (_lock)
        {
            var unused = now >= _expiresAt ? _unused : default;
            _unused -= unused;
            return unused;
        }
    }

    /// <summary>Whether it was not used for long.</summary>
    public bool IsIdle(DateTimeOffset now)
    {
        lock (_lock)
        {
            return now >= _expiresAt + _idle && !_isRefilling;
        }
    }
}
