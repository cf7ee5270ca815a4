using CogniForge.Llm.Redis;

namespace CogniForge.Llm.Limits;

/// <summary>Does what no request waits for: tells Redis what requests have cost, holds a part of each budget ready for the time that Redis is away, and notices when it is there again.</summary>
internal sealed partial class LimitsKeeper(
    RedisLimiter limits,
    Settlements settlements,
    RedisConnection redis,
    LedgerBook ledgers,
    ISpendStore spends,
    TimeProvider time,
    ILogger<LimitsKeeper> logger
) : BackgroundService
{
    private const int MaxOrphans = 200;
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _gather = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _probeInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _recountTimeout = TimeSpan.FromSeconds(5);
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
                    if (!redis.IsUnavailable || await redis.ProbeAsync())
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

        if (
            !ledger.MustEnter
            && (isInUse || !ledger.IsIdle)
            && !await ledgers.RenewAsync(ledger, isInUse ? limits.LeaseSize(ledger) : 0)
        )
        {
            await ledgers.EnterAsync(ledger, cancellationToken);
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
                await ledgers.TellAsync(
                    ledger,
                    [(id, costs.TryGetValue(id, out var cost) ? NanoUsd.FromUsd(cost ?? 0) : amount)]
                );
            }
        }
    }

    /// <summary>A key may have had no budget for a while, or another: Redis has counted nothing for this one meanwhile, the database has.</summary>
    private async Task RecountAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_recountTimeout);
        var now = time.GetUtcNow();
        foreach (var recount in limits.Recounts.Keys.Where(r => r.At <= now))
        {
            var isDone = true;
            foreach (var window in Enum.GetValues<BudgetPeriod>().Select(p => BudgetWindow.At(p, now)))
            {
                isDone &= await RecountAsync(recount.Key, window, timeout.Token);
            }

            if (isDone)
            {
                limits.Recounts.TryRemove(recount, out _); // what fails is tried again
            }
        }
    }

    /// <returns>False: Redis is away.</returns>
    private async Task<bool> RecountAsync(string key, BudgetWindow window, CancellationToken cancellationToken)
    {
        // Only a budget that Redis knows; any other is counted when it is first asked.
        var budget = LedgerBook.BudgetKey(key, window);
        if (await redis.TryAsync(RedisScripts.Recount, [budget], 0) is not { } known)
        {
            return false;
        }

        if (known.IsNull)
        {
            return true;
        }

        var spent = await spends.SpentAsync(key, window, [], cancellationToken);
        return await redis.TryAsync(RedisScripts.Recount, [budget], NanoUsd.FromUsd(spent.Usd)) is not null;
    }

    private static partial class Log
    {
        [LoggerMessage(1012, LogLevel.Warning, "Looking after limits failed, and is tried again: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
