using System.Collections.Concurrent;
using CogniForge.Llm.Redis;
using CogniForge.Llm.RequestLog;
using StackExchange.Redis;

namespace CogniForge.Llm.Limits;

/// <summary>
/// Limits that all replicas keep together, in Redis. While a key is far from its limits a replica grants what it has taken from them beforehand; nearer to them each claim is a call. While Redis is away each replica keeps rates by itself, and spends of budgets only what it has leased before.
/// Redis may forget everything at any time: budgets are rebuilt from the database, with what each replica knows beyond that.
/// </summary>
internal sealed class RedisLimiter(
    RedisConnection redis,
    LedgerBook ledgers,
    Settlements settlements,
    InMemoryLimiter alone,
    LimitsOptions options,
    TimeProvider time
) : ILimiter
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

    public ValueTask<ReservationResult> ReserveAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        var ledger = reservation.Limits.Budget is { } budget
            ? ledgers.Of(reservation.Key, budget, reservation.At)
            : null;
        ledger?.Use(NanoUsd.FromUsd(reservation.Limits.Budget!.Amount), time.GetUtcNow());
        var slice = RateSlice.Suits(reservation.Limits) ? Slices.GetOrAdd(reservation.Key, static _ => new()) : null;
        return TakeHere(reservation, ledger, slice) is { } result
            ? new(result)
            : AskAsync(reservation, ledger, slice, cancellationToken);
    }

    /// <summary>Grants what this replica has taken beforehand; null: that has to be asked for.</summary>
    private ReservationResult? TakeHere(Reservation reservation, Ledger? ledger, RateSlice? slice)
    {
        var isRated = reservation.Limits is not { RequestsPerMinute: null, TokensPerMinute: null };
        if (redis.IsUnavailable || (isRated && slice is null))
        {
            return null;
        }

        var levels = isRated ? slice!.TryTake(reservation) : (0, 0);
        if (levels is null)
        {
            return null;
        }

        if (ledger is not null && !ledger.TryTake(reservation, LeaseSize(ledger), time.GetUtcNow()))
        {
            slice?.PutBack(reservation);
            return null;
        }

        return ReservationResults.Create(
            reservation,
            ReservationStatus.Granted,
            levels.Value.Requests,
            levels.Value.Tokens,
            reservation.MaxOutputTokens,
            ledger?.Left
        );
    }

    private async ValueTask<ReservationResult> AskAsync(
        Reservation reservation,
        Ledger? ledger,
        RateSlice? slice,
        CancellationToken cancellationToken
    )
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
                if (await TakeAsync(reservation, ledger, epoch, slice) is not { } response)
                {
                    break;
                }

                switch ((int)response.Result)
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

                return Read(reservation, ledger, epoch, response);
            }
        }
        catch (OperationCanceledException)
        {
            ledger?.Unheard(reservation);
            throw;
        }

        return await AloneAsync(reservation, ledger, cancellationToken);
    }

    /// <summary>What a whole lease of a budget is.</summary>
    public long LeaseSize(Ledger ledger) => (long)(ledger.Amount * options.Lease);

    public void Commit(Reservation reservation, long cost, int tokens)
    {
        var correction = reservation.Limits.TokensPerMinute is null ? 0 : tokens - reservation.Tokens;
        var ledger = reservation.Limits.Budget is { } budget
            ? ledgers.Of(reservation.Key, budget, reservation.At)
            : null;
        ledger?.Settle(reservation.Id, cost);
        if (redis.IsUnavailable)
        {
            alone.Correct(reservation.Key, correction);
        }
        else if (
            (ledger is not null || correction != 0)
            && settlements.TryAdd(new(reservation.Key, ledger, reservation.Id, cost, correction))
        )
        {
            return;
        }

        if (ledger is not null)
        {
            ledger.MustEnter = true;
        }
    }

    public async ValueTask CancelAsync(Reservation reservation)
    {
        Commit(reservation, 0, 0);
        if (reservation.Limits.RequestsPerMinute is null)
        {
            return;
        }

        if (redis.IsUnavailable)
        {
            alone.Correct(reservation.Key, 0, -1);
        }
        else
        {
            await redis.TryAsync(RedisScripts.PutBack, [LedgerBook.RateKey(reservation.Key)], 1, 0);
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

    private async ValueTask<Answer?> TakeAsync(Reservation reservation, Ledger? ledger, string epoch, RateSlice? slice)
    {
        if (slice?.Ask(reservation) is not var (wanted, back))
        {
            return await TakeAsync(reservation, ledger, epoch, default, default);
        }

        Answer? response = null;
        try
        {
            return response = await TakeAsync(reservation, ledger, epoch, wanted, back);
        }
        finally
        {
            slice.Got(
                reservation,
                response is { HasSlice: true } ? wanted : null,
                response?.Requests ?? 0,
                response?.Tokens ?? 0
            );
        }
    }

    private async ValueTask<Answer?> TakeAsync(
        Reservation reservation,
        Ledger? ledger,
        string epoch,
        RateAmount slice,
        RateAmount back
    )
    {
        var rate = LedgerBook.RateKey(reservation.Key);
        RedisKey[] keys = ledger is null
            ? [rate, rate, rate]
            : [rate, LedgerBook.BudgetKey(ledger), LedgerBook.OpenKey(ledger)];
        var values = await redis.TryAsync(
            RedisScripts.Take,
            keys,
            reservation.At.ToUnixTimeMilliseconds(),
            reservation.Limits.RequestsPerMinute ?? 0,
            reservation.Limits.TokensPerMinute ?? 0,
            reservation.Tokens,
            ledger?.Amount ?? -1,
            reservation.Id.ToString("N"),
            reservation.MaxCost.Input,
            reservation.MaxCost.PerToken,
            reservation.MaxOutputTokens,
            reservation.MinOutputTokens,
            reservation.Expires.ToUnixTimeMilliseconds(),
            epoch,
            ledgers.LeaseId,
            slice.Requests,
            slice.Tokens,
            back.Requests,
            back.Tokens
        );
        return values is null ? null : Answer.Read((RedisResult[])values!, slice);
    }

    private ReservationResult Read(Reservation reservation, Ledger? ledger, string epoch, Answer response)
    {
        if (ledger is not null)
        {
            ledger.Left = response.Left;
            if (response.Result == ReservationStatus.Granted)
            {
                ledger.Granted(reservation, reservation.MaxCost.ForOutputTokens(response.Output), epoch);
            }

            foreach (var id in response.Expired)
            {
                Orphans.Enqueue((ledger, id));
            }
        }

        return ReservationResults.Create(
            reservation,
            response.Result,
            response.Requests,
            response.Tokens,
            response.Output,
            ledger?.Left
        );
    }

    /// <summary>Without Redis: this replica's own rates, and of the budget what it has leased.</summary>
    private async ValueTask<ReservationResult> AloneAsync(
        Reservation reservation,
        Ledger? ledger,
        CancellationToken cancellationToken
    )
    {
        var result = await alone.ReserveAsync(
            reservation with
            {
                Limits = reservation.Limits with { Budget = null },
            },
            cancellationToken
        );
        if (ledger is null || result.Status != ReservationStatus.Granted)
        {
            ledger?.Unheard(reservation);
            return result;
        }

        ledger.MustEnter = true;
        return ledger.TakeFromLease(reservation, time.GetUtcNow()) is { } output
            ? result with
            {
                OutputTokens = output,
            }
            : result with
            {
                Status = ReservationStatus.Unavailable,
            };
    }
}
