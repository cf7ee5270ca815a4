using CogniForge.Llm.Application.Admission;
using CogniForge.Llm.Domain.Limits;
using StackExchange.Redis;

namespace CogniForge.Llm.Infrastructure.Limits;

/// <summary>Does what no request waits for: tells Redis what requests have cost, holds a part of each budget ready for the time that Redis is away, and notices when it is there again.</summary>
internal sealed partial class LimitsKeeper(RedisLimits limits, Settlements settlements, RedisGate redis, LedgerBook ledgers, ISpendStore spends, TimeProvider time, ILogger<LimitsKeeper> logger)
    : BackgroundService
{
    private const int MaxOrphans = 200;
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _gather = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _probeInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _leaseFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _idle = TimeSpan.FromMinutes(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // So that the first requests find the connection made; without Redis the service starts all the same.
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_connectTimeout);
        while (!await redis.ProbeAsync() && !timeout.IsCancellationRequested)
        {
            await Task.Delay(_probeInterval, timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await redis.TryAsync(RedisScripts.Remember, [LedgerBook.MemoryKey]);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(SettleAsync(stoppingToken), LookAfterAsync(stoppingToken));
        await settlements.FlushAsync();
        await GiveBackAsync();
    }

    private async Task SettleAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await settlements.WaitAsync(stoppingToken);
                await Task.Delay(_gather, stoppingToken); // many at once cost little more than one
                await settlements.FlushAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    /// <summary>By the servers' time, not the service's: this is about what happens to them.</summary>
    private async Task LookAfterAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    ledgers.Tidy();
                    if (!redis.IsAway || await redis.ProbeAsync())
                    {
                        await redis.TryAsync(RedisScripts.Remember, [LedgerBook.MemoryKey]);
                        await Task.WhenAll(ledgers.All.Select(l => LookAfterAsync(l, stoppingToken)));
                        await PutBackAsync(time.GetUtcNow());
                        await SettleOrphansAsync(stoppingToken);
                        await RecountAsync(stoppingToken);
                    }
                }
                catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
                {
                    Log.Failed(logger, e.Message); // the next round tries again
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    private async Task LookAfterAsync(Ledger ledger, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var isInUse = ledger.UsedAt + _idle > now && now < ledger.Window.End;
        if (!isInUse && ledger.EndLease())
        {
            ledger.MustEnter = true; // which gives it back
        }

        if (ledger is { MustEnter: true, IsIdle: false } && !await ledgers.EnterAsync(ledger, cancellationToken))
        {
            return;
        }

        if (ledger.MustEnter || (!isInUse && ledger.IsIdle))
        {
            return;
        }

        // Also to notice that Redis has forgotten the budget, where others may have to be told what is open here.
        var (number, until) = (ledger.LeaseNumber, now + _leaseFor);
        var answer = await redis.TryAsync(
            RedisScripts.Lease, [LedgerBook.BudgetKey(ledger), LedgerBook.OpenKey(ledger)],
            now.ToUnixTimeMilliseconds(), ledger.Epoch, ledgers.LeaseId, isInUse ? limits.LeaseSize(ledger) : 0, until.ToUnixTimeMilliseconds(), ledger.Amount, ledger.LeaseHeld);
        if (answer is null)
        {
            return;
        }

        var values = (RedisResult[])answer!;
        switch ((int)values[0])
        {
            case 0:
                ledger.Left = (long)values[2];
                ledger.Lease(number, (long)values[1], now, until);
                break;
            case -1 when !ledger.EndLease():
                break;
            default:
                ledger.MustEnter = true;
                await ledgers.EnterAsync(ledger, cancellationToken);
                break;
        }
    }

    /// <summary>Puts back what was taken of rates beforehand, and was not used in its time.</summary>
    private async Task PutBackAsync(DateTimeOffset now)
    {
        foreach (var (key, slice) in limits.Slices)
        {
            var unused = slice.End(now);
            if (unused != default)
            {
                await redis.TryAsync(RedisScripts.PutBack, [LedgerBook.RateKey(key)], unused.Requests, unused.Tokens);
            }

            if (slice.IsIdle(now))
            {
                limits.Slices.TryRemove(key, out _);
            }
        }
    }

    /// <summary>The process ends, and is to keep nothing from the others.</summary>
    private async Task GiveBackAsync()
    {
        await PutBackAsync(DateTimeOffset.MaxValue);
        foreach (var ledger in ledgers.All.Where(l => l.EndLease()))
        {
            ledger.MustEnter = true;
            await ledgers.EnterAsync(ledger, CancellationToken.None);
        }
    }

    /// <summary>Requests whose process ended before it could settle them: at the cost of their record, or at what they held where there is none.</summary>
    private async Task SettleOrphansAsync(CancellationToken cancellationToken)
    {
        var orphans = new List<(Ledger Ledger, Guid Id)>();
        while (orphans.Count < MaxOrphans && limits.Orphans.TryDequeue(out var orphan))
        {
            orphans.Add(orphan);
        }

        if (orphans.Count == 0)
        {
            return;
        }

        var costs = await spends.CostsAsync([.. orphans.Select(o => o.Id)], cancellationToken);
        foreach (var (ledger, id) in orphans)
        {
            var held = await redis.TryAsync(RedisScripts.Held, [LedgerBook.BudgetKey(ledger)], id.ToString("N"));
            if (held is not null && (long?)held is { } amount)
            {
                await ledgers.TellAsync(ledger, [(id, costs.TryGetValue(id, out var cost) ? NanoUsd.Of(cost ?? 0) : amount)]);
            }
        }
    }

    /// <summary>A key may have had no budget for a while, or another: Redis has counted nothing for this one meanwhile, the database has.</summary>
    private async Task RecountAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        while (limits.Recounts.TryPeek(out var next) && next.At <= now)
        {
            foreach (var window in Enum.GetValues<BudgetPeriod>().Select(p => BudgetWindow.Of(p, now)))
            {
                // Only of budgets that Redis knows; any other is counted when it is first asked.
                var budget = LedgerBook.BudgetKey(new(next.Key, window));
                if (await redis.TryAsync(RedisScripts.Recount, [budget], 0) is { IsNull: false })
                {
                    var spent = await spends.SpentAsync(next.Key, window, [], cancellationToken);
                    await redis.TryAsync(RedisScripts.Recount, [budget], NanoUsd.Of(spent.Usd));
                }
            }

            limits.Recounts.TryDequeue(out _); // not before: what fails is tried again
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1012, LogLevel.Warning, "Requests that were not settled wait: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
