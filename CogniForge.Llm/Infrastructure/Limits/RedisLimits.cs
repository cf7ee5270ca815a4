using System.Collections.Concurrent;
using System.Threading.Channels;
using CogniForge.Llm.Application.Admission;
using CogniForge.Llm.Domain;
using StackExchange.Redis;

namespace CogniForge.Llm.Infrastructure.Limits;

/// <summary>
/// Limits that all replicas keep together, in Redis: one call a claim. While Redis is away each replica keeps rates by itself, and spends of budgets only what it has leased before.
/// Redis may forget everything at any time: budgets are rebuilt from the database, with what each replica knows beyond that.
/// </summary>
internal sealed class RedisLimits(RedisGate redis, LedgerBook ledgers, InMemoryLimits alone, TimeProvider time) : ILimits
{
    private const int MaxWaiting = 100_000;
    private const int MaxTries = 4;

    private readonly Channel<Settlement> _settlements = Channel.CreateBounded<Settlement>(MaxWaiting);
    private readonly ConcurrentQueue<(Ledger Ledger, Guid Id)> _orphans = new();

    /// <summary>What is to be told to Redis, in the order in which it happened.</summary>
    public ChannelReader<Settlement> Settlements => _settlements.Reader;

    /// <summary>Requests that were not settled in their time.</summary>
    public ConcurrentQueue<(Ledger Ledger, Guid Id)> Orphans => _orphans;

    public async ValueTask<Verdict> TakeAsync(Claim claim, CancellationToken cancellationToken)
    {
        var ledger = claim.Limits.Budget is { } budget ? ledgers.Of(claim.Key, budget, claim.At) : null;
        if (ledger is null)
        {
            return await TakeAsync(claim, null, cancellationToken);
        }

        try
        {
            return await TakeAsync(claim, ledger, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            ledger.Unheard(claim);
            throw;
        }
    }

    private async ValueTask<Verdict> TakeAsync(Claim claim, Ledger? ledger, CancellationToken cancellationToken)
    {
        var giveBack = false;
        for (var tries = 0; tries < MaxTries && !redis.IsAway; tries++)
        {
            if (ledger is { MustEnter: true } && !await ledgers.EnterAsync(ledger, cancellationToken))
            {
                break;
            }

            var epoch = ledger?.Epoch ?? "";
            if (await AskAsync(claim, ledger, epoch, giveBack) is not { } answer)
            {
                break;
            }

            switch ((int)answer[0])
            {
                case RedisScripts.Missing or RedisScripts.Unknown:
                    ledger!.MustEnter = true;
                    continue;
                case (int)Admittance.BudgetHeld when ledger!.EndLease():
                    giveBack = true; // it may be this replica's own lease that is in the way
                    continue;
            }

            return Read(claim, ledger, epoch, answer);
        }

        return await AloneAsync(claim, ledger, cancellationToken);
    }

    public void Settle(Claim claim, long cost, int tokens)
    {
        var correction = claim.Limits.TokensPerMinute is null ? 0 : tokens - claim.Tokens;
        var ledger = claim.Limits.Budget is { } budget ? ledgers.Of(claim.Key, budget, claim.At) : null;
        ledger?.Settle(claim.Id, cost);
        if (redis.IsAway)
        {
            alone.Correct(claim.Key, correction);
        }
        else if ((ledger is not null || correction != 0) && _settlements.Writer.TryWrite(new(claim.Key, ledger, claim.Id, cost, correction)))
        {
            return;
        }

        if (ledger is not null)
        {
            ledger.MustEnter = true;
        }
    }

    public void Stored(IReadOnlyList<CompletionRecord> records) => ledgers.Stored(records);

    public IReadOnlyList<KeyValuePair<string, decimal>> BudgetsLeft() => ledgers.Left();

    private async ValueTask<RedisResult[]?> AskAsync(Claim claim, Ledger? ledger, string epoch, bool giveBack)
    {
        var rate = LedgerBook.RateKey(claim.Key);
        RedisKey[] keys = ledger is null ? [rate, rate, rate] : [rate, LedgerBook.BudgetKey(ledger), LedgerBook.OpenKey(ledger)];
        var answer = await redis.TryAsync(
            RedisScripts.Take,
            keys,
            claim.At.ToUnixTimeMilliseconds(),
            claim.Limits.RequestsPerMinute ?? 0,
            claim.Limits.TokensPerMinute ?? 0,
            claim.Tokens,
            ledger?.Amount ?? -1,
            claim.Id.ToString("N"),
            claim.Worst.Input,
            claim.Worst.PerToken,
            claim.Wanted,
            claim.Least,
            claim.Expires.ToUnixTimeMilliseconds(),
            epoch,
            ledgers.LeaseId,
            giveBack);
        return answer is null ? null : (RedisResult[]?)answer;
    }

    private Verdict Read(Claim claim, Ledger? ledger, string epoch, RedisResult[] answer)
    {
        var (result, output) = ((Admittance)(int)answer[0], (int)answer[3]);
        if (ledger is not null)
        {
            ledger.Left = (long)answer[4];
            if (result == Admittance.Granted)
            {
                ledger.Granted(claim, claim.Worst.With(output), epoch);
            }

            for (var i = 5; i < answer.Length; i++)
            {
                _orphans.Enqueue((ledger, Guid.ParseExact((string)answer[i]!, "N")));
            }
        }

        return Verdicts.Of(claim, result, (double)(long)answer[1], (double)(long)answer[2], output, ledger?.Left);
    }

    /// <summary>Without Redis: this replica's own rates, and of the budget what it has leased.</summary>
    private async ValueTask<Verdict> AloneAsync(Claim claim, Ledger? ledger, CancellationToken cancellationToken)
    {
        var verdict = await alone.TakeAsync(claim with { Limits = claim.Limits with { Budget = null } }, cancellationToken);
        if (ledger is null || verdict.Result != Admittance.Granted)
        {
            ledger?.Unheard(claim);
            return verdict;
        }

        ledger.MustEnter = true;
        return ledger.TakeFromLease(claim, time.GetUtcNow()) is { } output ? verdict with { Output = output } : verdict with { Result = Admittance.Unavailable };
    }
}

/// <summary>What a request has needed, for Redis.</summary>
/// <param name="Key">The key.</param>
/// <param name="Ledger">The budget's ledger; null: the key has no budget.</param>
/// <param name="Id">The request.</param>
/// <param name="Cost">What it has cost.</param>
/// <param name="Tokens">How many tokens more than estimated.</param>
internal readonly record struct Settlement(string Key, Ledger? Ledger, Guid Id, long Cost, int Tokens);
