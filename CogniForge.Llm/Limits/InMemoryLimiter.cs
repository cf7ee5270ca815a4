using System.Collections.Concurrent;
using CogniForge.Llm.RequestLog;

namespace CogniForge.Llm.Limits;

/// <summary>Limits that this process keeps alone. What was spent before it started it asks the database.</summary>
internal sealed class InMemoryLimiter(ISpendStore spends) : ILimiter, IBudgetCounts
{
    private const int MaxKeys = 100_000;
    private readonly ConcurrentDictionary<string, Key> _keys = new(StringComparer.Ordinal);

    public async ValueTask<ReservationResult> ReserveAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        if (_keys.Count > MaxKeys)
        {
            Tidy(reservation.At);
        }

        var key = _keys.GetOrAdd(reservation.Key, static _ => new());
        var window = reservation.Limits.Budget is { } budget ? BudgetWindow.At(budget.Period, reservation.At) : default;
        if (reservation.Limits.Budget is not null && !key.Knows(window))
        {
            key.Begin(
                window,
                NanoUsd.FromUsd((await spends.SpentAsync(reservation.Key, window, [], cancellationToken)).Usd)
            );
        }

        lock (key)
        {
            return key.Take(reservation, window);
        }
    }

    public void Commit(Reservation reservation, long cost, int tokens)
    {
        Correct(reservation.Key, reservation.Limits.TokensPerMinute is null ? 0 : tokens - reservation.Tokens);
        if (reservation.Limits.Budget is { } budget && _keys.TryGetValue(reservation.Key, out var key))
        {
            lock (key)
            {
                key.Settle(reservation.Id, BudgetWindow.At(budget.Period, reservation.At), cost);
            }
        }
    }

    public ValueTask CancelAsync(Reservation reservation)
    {
        Commit(reservation, 0, 0);
        Correct(reservation.Key, 0, -1);
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes what was not estimated, or puts back.</summary>
    public void Correct(string id, int tokens, int requests = 0)
    {
        if ((tokens != 0 || requests != 0) && _keys.TryGetValue(id, out var key))
        {
            lock (key)
            {
                key.Tokens.Correct(tokens);
                key.Requests.Correct(requests);
            }
        }
    }

    public void Stored(IReadOnlyList<RequestLogEntry> records)
    {
        // Nothing is ever forgotten that would have to be counted again.
    }

    public void Changed(string key)
    {
        // What it has spent while it had no budget is not counted here. A database, where there is one, is asked again after the next start.
    }

    public IReadOnlyList<KeyValuePair<string, decimal>> BudgetsLeft() =>
        [
            .. _keys
                .Where(k => k.Value.Left is not null)
                .Select(k => KeyValuePair.Create(k.Key, NanoUsd.ToUsd(k.Value.Left!.Value))),
        ];

    public ValueTask<BudgetCount?> CountAsync(string key, BudgetWindow window)
    {
        var known = _keys.GetValueOrDefault(key);
        if (known is null)
        {
            return new(default(BudgetCount));
        }

        lock (known)
        {
            return new(known.Count(window));
        }
    }

    /// <summary>Forgets those whose buckets are full again; a budget can be asked for once more.</summary>
    private void Tidy(DateTimeOffset now)
    {
        foreach (var (id, key) in _keys)
        {
            lock (key)
            {
                if (key.IsIdle(now))
                {
                    _keys.TryRemove(id, out _);
                }
            }
        }
    }

    /// <summary>The state of a key's limits.</summary>
    private sealed class Key
    {
        private static readonly TimeSpan _idle = TimeSpan.FromMinutes(10);

        private readonly Dictionary<BudgetWindow, Account> _accounts = [];
        private DateTimeOffset _usedAt;

        public TokenBucket Requests { get; } = new();

        public TokenBucket Tokens { get; } = new();

        public long? Left { get; private set; }

        public bool Knows(BudgetWindow window)
        {
            lock (this)
            {
                return _accounts.ContainsKey(window);
            }
        }

        public void Begin(BudgetWindow window, long spent)
        {
            lock (this)
            {
                // Windows that are over, and have nobody in them any more.
                foreach (
                    var old in _accounts
                        .Where(a => a.Key.End <= window.Start && a.Value.Held.Count == 0)
                        .Select(a => a.Key)
                        .ToList()
                )
                {
                    _accounts.Remove(old);
                }

                _accounts.TryAdd(window, new() { Spent = spent });
            }
        }

        public bool IsIdle(DateTimeOffset now) => _usedAt + _idle < now && _accounts.Values.All(a => a.Held.Count == 0);

        public ReservationResult Take(Reservation reservation, BudgetWindow window)
        {
            _usedAt = reservation.At;
            var now = reservation.At.ToUnixTimeMilliseconds();
            var (rpm, tpm) = (reservation.Limits.RequestsPerMinute ?? 0, reservation.Limits.TokensPerMinute ?? 0);
            var (requests, tokens) = (Requests.Level(rpm, now), Tokens.Level(tpm, now));
            var result =
                rpm > 0 && requests < TokenBucket.Unit ? ReservationStatus.RequestRate
                : tpm > 0 && tokens < Math.Min(reservation.Tokens, tpm) * TokenBucket.Unit ? ReservationStatus.TokenRate
                : ReservationStatus.Granted;
            var output = reservation.MaxOutputTokens;
            if (reservation.Limits.Budget is { } budget)
            {
                (result, output, Left) = _accounts[window].Take(reservation, NanoUsd.FromUsd(budget.Amount), result);
            }

            if (result == ReservationStatus.Granted)
            {
                (requests, tokens) = (Requests.Take(rpm, now, 1), Tokens.Take(tpm, now, reservation.Tokens));
            }

            return ReservationResults.Create(
                reservation,
                result,
                requests,
                tokens,
                output,
                reservation.Limits.Budget is null ? null : Left
            );
        }

        public BudgetCount Count(BudgetWindow window) =>
            _accounts.TryGetValue(window, out var account) ? new(account.Spent, account.Held.Values.Sum()) : default;

        public void Settle(Guid id, BudgetWindow window, long cost)
        {
            if (_accounts.TryGetValue(window, out var account) && account.Held.Remove(id))
            {
                account.Spent += cost;
            }
        }
    }

    /// <summary>A budget in a window.</summary>
    private sealed class Account
    {
        public Dictionary<Guid, long> Held { get; } = [];

        public long Spent { get; set; }

        public (ReservationStatus Result, int Output, long Left) Take(
            Reservation reservation,
            long amount,
            ReservationStatus result
        )
        {
            var (worst, free, output) = (
                reservation.MaxCost,
                amount - Spent - Held.Values.Sum(),
                reservation.MaxOutputTokens
            );
            if (result == ReservationStatus.Granted && free < worst.ForOutputTokens(reservation.MinOutputTokens))
            {
                result =
                    amount - Spent < worst.ForOutputTokens(reservation.MinOutputTokens)
                        ? ReservationStatus.BudgetExceeded
                        : ReservationStatus.BudgetHeld;
            }
            else if (result == ReservationStatus.Granted)
            {
                output =
                    free < worst.ForOutputTokens(reservation.MaxOutputTokens)
                        ? (int)((free - worst.Input) / worst.PerToken)
                        : reservation.MaxOutputTokens;
                Held[reservation.Id] = worst.ForOutputTokens(output);
                free -= worst.ForOutputTokens(output);
            }

            return (result, output, Math.Max(0, free));
        }
    }
}
