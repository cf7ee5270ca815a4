using System.Collections.Concurrent;
using CogniForge.Llm.Redis;
using CogniForge.Llm.RequestLog;
using CogniForge.ServiceDefaults.Postgres;
using StackExchange.Redis;

namespace CogniForge.Llm.Limits;

/// <summary>The ledgers of this replica, and their way into Redis. Thread-safe.</summary>
internal sealed class LedgerBook(RedisConnection redis, ISpendStore spends, TimeProvider time)
{
    private static readonly TimeSpan _rebuildTimeout = TimeSpan.FromSeconds(5);

    // Beyond the window's end, for requests that began within it; a key's whole life is rebuilt now and then.
    private static readonly TimeSpan _keepAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan _keepTotal = TimeSpan.FromDays(30);
    private static readonly TimeSpan _idle = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _rebuildPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _leaseFor = TimeSpan.FromMinutes(10);

    // As long as a call to Redis may take: whoever holds the ledger for longer rebuilds it.
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(250);

    // Half of what Redis knows a report by its id for.
    private static readonly TimeSpan _reportFor = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Key, BudgetWindow Window), Ledger> _ledgers = new();

    /// <summary>The name under which this replica holds a part of each budget ready.</summary>
    public string LeaseId { get; } = $"lease:{Guid.CreateVersion7():N}";

    /// <summary>All ledgers.</summary>
    public IEnumerable<Ledger> All => _ledgers.Values;

    /// <summary>Since when Redis remembers.</summary>
    public static RedisKey MemoryKey => "llm:limits:memory";

    /// <summary>The hash of a key's rates.</summary>
    public static RedisKey RateKey(string key) => $"llm:{{{key}}}:rate";

    /// <summary>The ledger of a budget at a moment.</summary>
    public Ledger Of(string key, Budget budget, DateTimeOffset at)
    {
        var window = BudgetWindow.At(budget.Period, at);
        return _ledgers.TryGetValue((key, window), out var known)
            ? known
            : _ledgers.GetOrAdd((key, window), static k => new(k.Key, k.Window));
    }

    /// <summary>The hash of a budget.</summary>
    public static RedisKey BudgetKey(string key, BudgetWindow window) =>
        $"llm:{{{key}}}:budget:{window.Period}:{window.Start:yyyyMMdd}";

    /// <inheritdoc cref="BudgetKey(string, BudgetWindow)"/>
    public static RedisKey BudgetKey(Ledger ledger) => BudgetKey(ledger.Key, ledger.Window);

    /// <summary>The set of who holds of it.</summary>
    public static RedisKey OpenKey(Ledger ledger) => BudgetKey(ledger).Append(":open");

    /// <summary>The set of what was counted of late.</summary>
    public static RedisKey SeenKey(Ledger ledger) => BudgetKey(ledger).Append(":seen");

    /// <summary>Tells Redis what only this replica knows of a budget, gives its lease back, and has the budget rebuilt where Redis has forgotten it.</summary>
    /// <returns>Whether the budget can be asked now.</returns>
    public async ValueTask<bool> EnterAsync(Ledger ledger, CancellationToken cancellationToken)
    {
        await ledger.Telling.WaitAsync(cancellationToken);
        try
        {
            return !ledger.MustEnter
                || await EnterAsync(ledger, null, cancellationToken)
                || await RebuildAsync(ledger, cancellationToken);
        }
        finally
        {
            ledger.Telling.Release();
        }
    }

    /// <summary>Tells Redis what requests of a budget have cost.</summary>
    public async Task TellAsync(Ledger ledger, IReadOnlyList<(Guid Id, long Cost)> costs)
    {
        if (!await ledger.Telling.WaitAsync(_patience))
        {
            ledger.MustEnter = true; // which tells these too; nobody else's are to wait for that
            return;
        }

        try
        {
            if (ledger.Unconfirmed is null) // else entering is next
            {
                ledger.Unconfirmed = ledger.Report(costs, time.GetUtcNow());
                await ConfirmAsync(ledger);
            }
        }
        finally
        {
            ledger.Telling.Release();
        }
    }

    /// <summary>Renews what this replica holds ready of a budget, and notices that Redis has forgotten the budget, where others may have to be told what is open here.</summary>
    /// <param name="ledger">The budget.</param>
    /// <param name="size">What to hold.</param>
    /// <returns>False: it has to be entered first.</returns>
    public async Task<bool> RenewAsync(Ledger ledger, long size)
    {
        // Entering gives the lease back: a new one must not be made meanwhile.
        if (!await ledger.Telling.WaitAsync(_patience))
        {
            return true;
        }

        try
        {
            if (ledger.MustEnter)
            {
                return false;
            }

            var (now, number) = (time.GetUtcNow(), ledger.LeaseNumber);
            var until = now + _leaseFor;
            var response = await redis.TryAsync(
                RedisScripts.Lease,
                [BudgetKey(ledger), OpenKey(ledger)],
                now.ToUnixTimeMilliseconds(),
                ledger.Epoch,
                LeaseId,
                size,
                until.ToUnixTimeMilliseconds(),
                ledger.Amount,
                ledger.LeaseHeld
            );
            if (response is null)
            {
                return true;
            }

            var values = (RedisResult[])response!;
            switch ((int)values[0])
            {
                case 0:
                    ledger.Left = (long)values[2];
                    ledger.Lease(number, (long)values[1], now, until);
                    return true;
                case -1 when !ledger.EndLease():
                    return true;
                default:
                    ledger.MustEnter = true;
                    return false;
            }
        }
        finally
        {
            ledger.Telling.Release();
        }
    }

    /// <summary>These records are in the database.</summary>
    public void Stored(IReadOnlyList<RequestLogEntry> records)
    {
        var now = time.GetUtcNow();
        var byKey = records.ToLookup(r => r.Caller);
        foreach (var ledger in _ledgers.Values)
        {
            foreach (var entry in byKey[ledger.Key])
            {
                ledger.Stored(entry.Id, now);
            }
        }
    }

    /// <summary>What is left of the budgets of now, USD by key.</summary>
    public IReadOnlyList<KeyValuePair<string, decimal>> Left()
    {
        var now = time.GetUtcNow();
        return
        [
            .. _ledgers
                .Values.Where(l => l.Left is not null && l.Window.Start <= now && now < l.Window.End)
                .Select(l => KeyValuePair.Create(l.Key, NanoUsd.ToUsd(l.Left!.Value))),
        ];
    }

    /// <summary>Forgets what is no longer needed.</summary>
    public void Tidy()
    {
        var now = time.GetUtcNow();
        foreach (var (id, ledger) in _ledgers)
        {
            if (!ledger.Telling.Wait(TimeSpan.Zero))
            {
                continue; // a rebuild has its sum leave out what is known here
            }

            ledger.Tidy(now);
            if (ledger.IsIdle && ledger.UsedAt + _idle < now)
            {
                _ledgers.TryRemove(id, out _);
            }

            ledger.Telling.Release();
        }
    }

    private async Task<bool> RebuildAsync(Ledger ledger, CancellationToken cancellationToken)
    {
        if (redis.IsUnavailable || time.GetUtcNow() < ledger.RebuildFrom)
        {
            return false;
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_rebuildTimeout);
        try
        {
            // What is settled now is told by this replica, whether it is stored meanwhile or not.
            var settled = ledger.Known().Settled.Select(e => e.Key).ToList();
            var spent = await spends.SpentAsync(ledger.Key, ledger.Window, settled, timeout.Token);
            return await EnterAsync(ledger, spent, cancellationToken);
        }
        catch (Exception e)
            when (TransientFaults.IsOutage(e)
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            ledger.RebuildFrom = time.GetUtcNow() + _rebuildPause; // all who wait here would try one after the other
            return false;
        }
    }

    private async Task<bool> EnterAsync(Ledger ledger, Spent? spent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!await ConfirmAsync(ledger))
        {
            return false;
        }

        ledger.MustEnter = false; // before it is read what there is to tell: whoever adds to that sets it again
        ledger.EndLease();

        // The epoch that this replica has entered knows what it was told; any other is told everything.
        var epoch = await AskToEnterAsync(ledger, spent, isWhole: spent is not null || ledger.Epoch.Length == 0);
        if (epoch == RedisScripts.Everything)
        {
            epoch = await AskToEnterAsync(ledger, spent, isWhole: true);
        }

        if (epoch is not { Length: > 0 })
        {
            ledger.MustEnter = true;
            return false;
        }

        (ledger.Epoch, ledger.IsDoubtful) = (epoch, false);
        return true;
    }

    /// <returns>The epoch; null or empty: it was not entered.</returns>
    private async Task<string?> AskToEnterAsync(Ledger ledger, Spent? spent, bool isWhole)
    {
        var (known, open) = ledger.Known();
        var isDoubtful = ledger.IsDoubtful || known.Any(e => e.Value is { IsTold: false, IsOld: true });
        var settled = isWhole ? known : [.. known.Where(e => !e.Value.IsTold)];
        var now = time.GetUtcNow();
        var life = ledger.Window.Period == BudgetPeriod.Total ? _keepTotal : ledger.Window.End - now + _keepAfter;
        List<RedisValue> values =
        [
            now.ToUnixTimeMilliseconds(),
            Guid.CreateVersion7().ToString("N"),
            spent is null ? -1 : NanoUsd.FromUsd(spent.Usd),
            (long)Math.Max(1, life.TotalMilliseconds),
            LeaseId,
            settled.Count,
            open.Count,
            ledger.Epoch,
            settled.Count(e => !e.Value.IsTold),
            isDoubtful,
            isWhole,
        ];
        foreach (var (id, entry) in settled)
        {
            values.Add(id.ToString("N"));
            values.Add(entry.Cost!.Value);
        }

        foreach (var (id, entry) in open)
        {
            values.Add(id.ToString("N"));
            values.Add(entry.Amount);
            values.Add(entry.Expires.ToUnixTimeMilliseconds());
        }

        values.AddRange(spent?.Recent.Select(id => (RedisValue)id.ToString("N")) ?? []);
        var response = await redis.TryAsync(
            RedisScripts.Enter,
            [BudgetKey(ledger), OpenKey(ledger), SeenKey(ledger), MemoryKey],
            [.. values]
        );
        var epoch = response is null ? null : (string?)response;
        if (epoch is { Length: > 0 } and not RedisScripts.Everything)
        {
            ledger.Told(settled.Concat(open).Select(e => (e.Key, e.Value.Cost)));
        }

        return epoch;
    }

    /// <summary>Tells Redis what it has not confirmed yet.</summary>
    /// <returns>False: it does not answer.</returns>
    private async Task<bool> ConfirmAsync(Ledger ledger)
    {
        if (ledger.Unconfirmed is not { } report)
        {
            return true;
        }

        if (report.At + _reportFor < time.GetUtcNow())
        {
            // Redis may have counted it and forgotten that it did.
            (ledger.Unconfirmed, ledger.MustEnter, ledger.IsDoubtful, ledger.Epoch) = (null, true, true, "");
            return true;
        }

        List<RedisValue> values =
        [
            time.GetUtcNow().ToUnixTimeMilliseconds(),
            ledger.Epoch,
            LeaseId,
            report.Id.ToString("N"),
            report.Leased,
        ];
        foreach (var (id, cost) in report.Single)
        {
            values.Add(id.ToString("N"));
            values.Add(cost);
        }

        var response = await redis.TryAsync(
            RedisScripts.Settle,
            [BudgetKey(ledger), OpenKey(ledger), SeenKey(ledger)],
            [.. values]
        );
        if (response is null)
        {
            ledger.MustEnter = true;
            return false;
        }

        ledger.Unconfirmed = null;
        if ((int)response == 0)
        {
            ledger.Told(report.All);
        }
        else
        {
            ledger.MustEnter = true;
        }

        return true;
    }
}
