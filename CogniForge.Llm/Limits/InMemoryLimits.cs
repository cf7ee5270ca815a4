using System.Collections.Concurrent;
using CogniForge.Llm.RequestLog;

namespace CogniForge.Llm.Limits;

/// <summary>Limits that this process keeps alone. What was spent before it started it asks the database.</summary>
internal sealed class InMemoryLimits(ISpendStore spends) : ILimits, IBudgetCounts
{
    private const int MaxKeys = 100_000;
    private readonly ConcurrentDictionary<string, Key> _keys = new(StringComparer.Ordinal);

    public async ValueTask<Verdict> TakeAsync(Claim claim, CancellationToken cancellationToken)
    {
        if (_keys.Count > MaxKeys)
        {
            Tidy(claim.At);
        }

        var key = _keys.GetOrAdd(claim.Key, static _ => new());
        var window = claim.Limits.Budget is { } budget ? BudgetWindow.Of(budget.Period, claim.At) : default;
        if (claim.Limits.Budget is not null && !key.Knows(window))
        {
            key.Begin(window, NanoUsd.Of((await spends.SpentAsync(claim.Key, window, [], cancellationToken)).Usd));
        }

        lock (key)
        {
            return key.Take(claim, window);
        }
    }

    public void Settle(Claim claim, long cost, int tokens)
    {
        Correct(claim.Key, claim.Limits.TokensPerMinute is null ? 0 : tokens - claim.Tokens);
        if (claim.Limits.Budget is { } budget && _keys.TryGetValue(claim.Key, out var key))
        {
            lock (key)
            {
                key.Settle(claim.Id, BudgetWindow.Of(budget.Period, claim.At), cost);
            }
        }
    }

    public ValueTask WithdrawAsync(Claim claim)
    {
        Settle(claim, 0, 0);
        Correct(claim.Key, 0, -1);
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

    public void Stored(IReadOnlyList<CompletionRecord> records)
    {
        // Nothing is ever forgotten that would have to be counted again.
    }

    public void Changed(string key)
    {
        // What it has spent while it had no budget is not counted here. A database, where there is one, is asked again after the next start.
    }

    public IReadOnlyList<KeyValuePair<string, decimal>> BudgetsLeft() =>
        [.. _keys.Where(k => k.Value.Left is not null).Select(k => KeyValuePair.Create(k.Key, NanoUsd.ToUsd(k.Value.Left!.Value)))];

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
                foreach (var old in _accounts.Where(a => a.Key.End <= window.Start && a.Value.Held.Count == 0).Select(a => a.Key).ToList())
                {
                    _accounts.Remove(old);
                }

                _accounts.TryAdd(window, new() { Spent = spent });
            }
        }

        public bool IsIdle(DateTimeOffset now) => _usedAt + _idle < now && _accounts.Values.All(a => a.Held.Count == 0);

        public Verdict Take(Claim claim, BudgetWindow window)
        {
            _usedAt = claim.At;
            var now = claim.At.ToUnixTimeMilliseconds();
            var (rpm, tpm) = (claim.Limits.RequestsPerMinute ?? 0, claim.Limits.TokensPerMinute ?? 0);
            var (requests, tokens) = (Requests.Level(rpm, now), Tokens.Level(tpm, now));
            var result = rpm > 0 && requests < TokenBucket.Unit ? Admittance.RequestRate
                : tpm > 0 && tokens < Math.Min(claim.Tokens, tpm) * TokenBucket.Unit ? Admittance.TokenRate
                : Admittance.Granted;
            var output = claim.Wanted;
            if (claim.Limits.Budget is { } budget)
            {
                (result, output, Left) = _accounts[window].Take(claim, NanoUsd.Of(budget.Amount), result);
            }

            if (result == Admittance.Granted)
            {
                (requests, tokens) = (Requests.Take(rpm, now, 1), Tokens.Take(tpm, now, claim.Tokens));
            }

            return Verdicts.Of(claim, result, requests, tokens, output, claim.Limits.Budget is null ? null : Left);
        }

        public BudgetCount Count(BudgetWindow window) => _accounts.TryGetValue(window, out var account) ? new(account.Spent, account.Held.Values.Sum()) : default;

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

        public (Admittance Result, int Output, long Left) Take(Claim claim, long amount, Admittance result)
        {
            var (worst, free, output) = (claim.Worst, amount - Spent - Held.Values.Sum(), claim.Wanted);
            if (result == Admittance.Granted && free < worst.With(claim.Least))
            {
                result = amount - Spent < worst.With(claim.Least) ? Admittance.BudgetExceeded : Admittance.BudgetHeld;
            }
            else if (result == Admittance.Granted)
            {
                output = free < worst.With(claim.Wanted) ? (int)((free - worst.Input) / worst.PerToken) : claim.Wanted;
                Held[claim.Id] = worst.With(output);
                free -= worst.With(output);
            }

            return (result, output, Math.Max(0, free));
        }
    }
}
