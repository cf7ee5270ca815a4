using System.Collections.Concurrent;
using CogniForge.Llm.Redis;
using CogniForge.Llm.RequestLog;
using StackExchange.Redis;

namespace CogniForge.Llm.Limits;

/// <summary>
/// Limits that all replicas keep together, in Redis. While a key is far from its limits a replica grants what it has taken from them beforehand; nearer to them each claim is a call. While Redis is away each replica keeps rates by itself, and spends of budgets only what it has leased before.
/// Redis may forget everything at any time: budgets are rebuilt from the database, with what each replica knows beyond that.
/// </summary>
internal sealed class RedisLimiter(RedisConnection redis, LedgerBook ledgers, Settlements settlements, InMemoryLimiter alone, LimitsOptions options, TimeProvider time) : ILimiter
{
    private const int MaxTries = 4;

    // By then every replica knows the new limits, and has stored what it has answered by the old ones; and by the second, what it was answering: no route's total time-out is longer than an hour.
    private static readonly TimeSpan[] _recountAfter = [TimeSpan.FromSeconds(4), TimeSpan.FromMinutes(61)];

    /// <summary>Requests that were not settled in their time.</summary>
    public ConcurrentQueue<(Ledger Ledger, Guid Id)> Orphans { get; } = new();

    /// <summary>Keys whose limits were replaced, and when their budgets are to be counted again.</summary>
    public ConcurrentDictionary<(string Key, DateTimeOffset At), bool> Recounts { get; } = new();

    /// <summary>The slices of rates, by key.</summary>
    public ConcurrentDictionary<string, RateSlice> Slices { get; } = new(StringComparer.Ordinal);

    public ValueTask<ReservationResult> ReserveAsync(Reservation claim, CancellationToken cancellationToken)
    {
        var ledger = claim.Limits.Budget is { } budget ? ledgers.Of(claim.Key, budget, claim.At) : null;
        ledger?.Use(NanoUsd.FromUsd(claim.Limits.Budget!.Amount), time.GetUtcNow());
        var slice = RateSlice.Suits(claim.Limits) ? Slices.GetOrAdd(claim.Key, static _ => new()) : null;
        return TakeHere(claim, ledger, slice) is { } verdict ? new(verdict) : AskAsync(claim, ledger, slice, cancellationToken);
    }

    /// <summary>Grants what this replica has taken beforehand; null: that has to be asked for.</summary>
    private ReservationResult? TakeHere(Reservation claim, Ledger? ledger, RateSlice? slice)
    {
        var isRated = claim.Limits is not { RequestsPerMinute: null, TokensPerMinute: null };
        if (redis.IsUnavailable || (isRated && slice is null))
        {
            return null;
        }

        var levels = isRated ? slice!.TryTake(claim) : (0, 0);
        if (levels is null)
        {
            return null;
        }

        if (ledger is not null && !ledger.TryTake(claim, LeaseSize(ledger), time.GetUtcNow()))
        {
            slice?.PutBack(claim);
            return null;
        }

        return ReservationResults.Create(claim, ReservationStatus.Granted, levels.Value.Requests, levels.Value.Tokens, claim.MaxOutputTokens, ledger?.Left);
    }

    private async ValueTask<ReservationResult> AskAsync(Reservation claim, Ledger? ledger, RateSlice? slice, CancellationToken cancellationToken)
    {
        try
        {
            for (var tries = 0; tries < MaxTries && !redis.IsUnavailable; tries++)
            {
                if (ledger is { MustEnter: true } && !await ledgers.EnterAsync(ledger, cancellationToken))
                {
                    break;
                }

                var epoch = ledger?.Epoch ?? "";
                if (await TakeAsync(claim, ledger, epoch, slice) is not { } answer)
                {
                    break;
                }

                switch ((int)answer.Result)
                {
                    case RedisScripts.Missing or RedisScripts.Unknown:
                        ledger!.MustEnter = true;
                        continue;
                    case (int)ReservationStatus.BudgetHeld when ledger!.EndLease():
                        ledger.MustEnter = true; // it may be this replica's own lease that is in the way: entering gives it back
                        continue;
                    case (int)ReservationStatus.BudgetHeld when await settlements.FlushAsync():
                        continue; // or what requests still hold that have told their cost to nobody but this replica
                    case (int)ReservationStatus.TokenRate when tries == 0:
                        await settlements.FlushAsync(); // the last answer may have needed less than was taken for it
                        continue;
                }

                return Read(claim, ledger, epoch, answer);
            }
        }
        catch (OperationCanceledException)
        {
            ledger?.Unheard(claim);
            throw;
        }

        return await AloneAsync(claim, ledger, cancellationToken);
    }

    /// <summary>What a whole lease of a budget is.</summary>
    public long LeaseSize(Ledger ledger) => (long)(ledger.Amount * options.Lease);

    public void Commit(Reservation claim, long cost, int tokens)
    {
        var correction = claim.Limits.TokensPerMinute is null ? 0 : tokens - claim.Tokens;
        var ledger = claim.Limits.Budget is { } budget ? ledgers.Of(claim.Key, budget, claim.At) : null;
        ledger?.Settle(claim.Id, cost);
        if (redis.IsUnavailable)
        {
            alone.Correct(claim.Key, correction);
        }
        else if ((ledger is not null || correction != 0) && settlements.TryAdd(new(claim.Key, ledger, claim.Id, cost, correction)))
        {
            return;
        }

        if (ledger is not null)
        {
            ledger.MustEnter = true;
        }
    }

    public async ValueTask CancelAsync(Reservation claim)
    {
        Commit(claim, 0, 0);
        if (claim.Limits.RequestsPerMinute is null)
        {
            return;
        }

        if (redis.IsUnavailable)
        {
            alone.Correct(claim.Key, 0, -1);
        }
        else
        {
            await redis.TryAsync(RedisScripts.PutBack, [LedgerBook.RateKey(claim.Key)], 1, 0);
        }
    }

    public void Stored(IReadOnlyList<RequestLogEntry> records) => ledgers.Stored(records);

    public void Changed(string key)
    {
        foreach (var after in _recountAfter)
        {
            Recounts.TryAdd((key, time.GetUtcNow() + after), true);
        }
    }

    public IReadOnlyList<KeyValuePair<string, decimal>> BudgetsLeft() => ledgers.Left();

    private async ValueTask<Answer?> TakeAsync(Reservation claim, Ledger? ledger, string epoch, RateSlice? slice)
    {
        if (slice?.Ask(claim) is not var (wanted, back))
        {
            return await TakeAsync(claim, ledger, epoch, default, default);
        }

        Answer? answer = null;
        try
        {
            return answer = await TakeAsync(claim, ledger, epoch, wanted, back);
        }
        finally
        {
            slice.Got(claim, answer is { HasSlice: true } ? wanted : null, answer?.Requests ?? 0, answer?.Tokens ?? 0);
        }
    }

    private async ValueTask<Answer?> TakeAsync(Reservation claim, Ledger? ledger, string epoch, RateAmount slice, RateAmount back)
    {
        var rate = LedgerBook.RateKey(claim.Key);
        RedisKey[] keys = ledger is null ? [rate, rate, rate] : [rate, LedgerBook.BudgetKey(ledger), LedgerBook.OpenKey(ledger)];
        var values = await redis.TryAsync(
            RedisScripts.Take,
            keys,
            claim.At.ToUnixTimeMilliseconds(),
            claim.Limits.RequestsPerMinute ?? 0,
            claim.Limits.TokensPerMinute ?? 0,
            claim.Tokens,
            ledger?.Amount ?? -1,
            claim.Id.ToString("N"),
            claim.MaxCost.Input,
            claim.MaxCost.PerToken,
            claim.MaxOutputTokens,
            claim.MinOutputTokens,
            claim.Expires.ToUnixTimeMilliseconds(),
            epoch,
            ledgers.LeaseId,
            slice.Requests,
            slice.Tokens,
            back.Requests,
            back.Tokens);
        return values is null ? null : Answer.Read((RedisResult[])values!, slice);
    }

    private ReservationResult Read(Reservation claim, Ledger? ledger, string epoch, Answer answer)
    {
        if (ledger is not null)
        {
            ledger.Left = answer.Left;
            if (answer.Result == ReservationStatus.Granted)
            {
                ledger.Granted(claim, claim.MaxCost.ForOutputTokens(answer.Output), epoch);
            }

            foreach (var id in answer.Expired)
            {
                Orphans.Enqueue((ledger, id));
            }
        }

        return ReservationResults.Create(claim, answer.Result, answer.Requests, answer.Tokens, answer.Output, ledger?.Left);
    }

    /// <summary>Without Redis: this replica's own rates, and of the budget what it has leased.</summary>
    private async ValueTask<ReservationResult> AloneAsync(Reservation claim, Ledger? ledger, CancellationToken cancellationToken)
    {
        var verdict = await alone.ReserveAsync(claim with { Limits = claim.Limits with { Budget = null } }, cancellationToken);
        if (ledger is null || verdict.Status != ReservationStatus.Granted)
        {
            ledger?.Unheard(claim);
            return verdict;
        }

        ledger.MustEnter = true;
        return ledger.TakeFromLease(claim, time.GetUtcNow()) is { } output ? verdict with { OutputTokens = output } : verdict with { Status = ReservationStatus.Unavailable };
    }
}
