namespace CogniForge.Llm.Limits;

/// <summary>
/// What this replica knows of a key's budget in a window that Redis may not: which of its requests are open, what those have cost that the database does not count yet, and how much it may spend
/// while Redis is away. Whatever it tells Redis is told by the request's id, so that telling it twice does no harm. Thread-safe.
/// </summary>
internal sealed class Ledger(string key, BudgetWindow window)
{
    // A replica that enters a rebuilt budget later than this after a record was stored would miss it; they enter within a second or two.
    private static readonly TimeSpan _keepStored = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan _keepUnstored = TimeSpan.FromHours(1);

    // Less than Redis waits after it has forgotten a budget: until then all that was taken from a lease it had known has been told.
    private static readonly TimeSpan _trustLease = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, LedgerEntry> _entries = [];
    private readonly Queue<(Guid Id, DateTimeOffset At)> _stored = new();
    private long _lease;
    private long _leaseHeld;
    private int _leaseNumber;
    private DateTimeOffset _leaseUntil;
    private DateTimeOffset _leaseSeen;
    private DateTimeOffset _nextSweep;

    public string Key => key;

    public BudgetWindow Window => window;

    /// <summary>The epoch of the budget in Redis that this replica has entered; empty: none.</summary>
    public string Epoch { get; set; } = "";

    /// <summary>Whether nobody can tell what of this replica's costs that epoch has counted, so that the budget has to be rebuilt.</summary>
    public bool IsDoubtful { get; set; }

    /// <summary>Before this time nobody tries to rebuild it: the last try has failed.</summary>
    public DateTimeOffset RebuildFrom { get; set; }

    /// <summary>Whether it has to enter first: it never has, or has something to tell.</summary>
    public bool MustEnter { get; set; } = true;

    /// <summary>One at a time tells Redis of it.</summary>
    public SemaphoreSlim Telling { get; } = new(1);

    /// <summary>What Redis was told without having answered; it is told again before anything else is. Null: nothing.</summary>
    public CostReport? Unconfirmed { get; set; }

    /// <summary>When a request used it last.</summary>
    public DateTimeOffset UsedAt { get; private set; }

    /// <summary>The budget, in billionths of a USD, as the last request had it.</summary>
    public long Amount { get; private set; }

    /// <summary>What was left of it then; null: not known.</summary>
    public long? Left { get; set; }

    /// <summary>The number of the lease: each ends when it is given back.</summary>
    public int LeaseNumber
    {
        get
        {
            lock (_lock)
            {
                return _leaseNumber;
            }
        }
    }

    /// <summary>What is left of the lease.</summary>
    public long LeaseLeft
    {
        get
        {
            lock (_lock)
            {
                return _lease;
            }
        }
    }

    /// <summary>Whether nothing is open and nothing waits to be told.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count == 0 && _lease == 0;
            }
        }
    }

    /// <summary>A request comes.</summary>
    /// <param name="amount">The budget, in billionths of a USD: where it is smaller than it was, the lease of the larger one is given back.</param>
    /// <param name="now">When.</param>
    public void Use(long amount, DateTimeOffset now)
    {
        UsedAt = now;
        if (amount < Amount && EndLease())
        {
            MustEnter = true;
        }

        Amount = amount;
    }

    /// <summary>Redis has granted a claim.</summary>
    /// <param name="reservation">The claim.</param>
    /// <param name="amount">What it may cost.</param>
    /// <param name="epoch">The epoch in which it was granted: when that has ended meanwhile, Redis has forgotten it.</param>
    public void Granted(Reservation reservation, long amount, string epoch)
    {
        lock (_lock)
        {
            _entries[reservation.Id] = new(amount, reservation.Expires) { IsTold = true };
            if (epoch != Epoch)
            {
                MustEnter = true;
            }
        }
    }

    /// <summary>What the open requests hold that were taken from the lease.</summary>
    public long LeaseHeld
    {
        get
        {
            lock (_lock)
            {
                return _leaseHeld;
            }
        }
    }

    /// <summary>Takes a claim from the lease without asking Redis, unless that would leave less than half of it for the time that Redis is away.</summary>
    /// <param name="reservation">The claim, granted as wanted or not at all.</param>
    /// <param name="size">What a whole lease is.</param>
    /// <param name="now">When Redis was last heard of matters.</param>
    public bool TryTake(Reservation reservation, long size, DateTimeOffset now)
    {
        var cost = reservation.MaxCost.ForOutputTokens(reservation.MaxOutputTokens);
        lock (_lock)
        {
            if (
                MustEnter
                || now >= _leaseSeen + _trustLease
                || now >= _leaseUntil
                || _lease <= 0
                || _lease - cost < size / 2
            )
            {
                return false;
            }

            Hold(reservation, cost);
            return true;
        }
    }

    /// <summary>Takes a claim from the lease, for Redis does not answer. One that the lease does not bear costs nothing, should Redis have granted it unheard.</summary>
    /// <returns>The output tokens that the lease bears; null: not even the least.</returns>
    public int? TakeFromLease(Reservation reservation, DateTimeOffset now)
    {
        lock (_lock)
        {
            var lease = now < _leaseUntil ? _lease : 0;
            if (lease < reservation.MaxCost.ForOutputTokens(reservation.MinOutputTokens))
            {
                _entries[reservation.Id] = new(0, reservation.Expires) { Cost = 0 };
                return null;
            }

            var tokens =
                lease >= reservation.MaxCost.ForOutputTokens(reservation.MaxOutputTokens)
                    ? reservation.MaxOutputTokens
                    : (int)((lease - reservation.MaxCost.Input) / reservation.MaxCost.PerToken);
            Hold(reservation, reservation.MaxCost.ForOutputTokens(tokens));
            return tokens;
        }
    }

    /// <summary>It is not made, but Redis may have granted it unheard: it costs nothing.</summary>
    public void Unheard(Reservation reservation)
    {
        lock (_lock)
        {
            _entries[reservation.Id] = new(0, reservation.Expires) { Cost = 0 };
            MustEnter = true;
        }
    }

    /// <summary>A request has told its cost.</summary>
    public void Settle(Guid id, long cost)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(id, out var entry))
            {
                return;
            }

            _entries[id] = entry with { Cost = cost, IsTold = false };
            if (entry.Lease == _leaseNumber && entry.Cost is null)
            {
                _leaseHeld -= entry.Amount;
                _lease += entry.Amount - cost;
            }
        }
    }

    /// <summary>
    /// What is to be told of requests that have told their cost. Those that the lease holds are told as a sum: nobody else knows them, unless a rebuilt budget is entered, and that ends the lease.
    /// </summary>
    /// <param name="costs">Requests, also those of another replica that has ended, and what they have cost.</param>
    /// <param name="now">When.</param>
    /// <returns>Null: all of it was told by entering.</returns>
    public CostReport? Report(IReadOnlyList<(Guid Id, long Cost)> costs, DateTimeOffset now)
    {
        var (leased, all, single) = (
            0L,
            new List<(Guid Id, long? Cost)>(costs.Count),
            new List<(Guid Id, long Cost)>()
        );
        lock (_lock)
        {
            foreach (var (id, cost) in costs)
            {
                var isKnown = _entries.TryGetValue(id, out var entry);
                if (isKnown && entry is { IsTold: true, Cost: not null })
                {
                    continue;
                }

                all.Add((id, cost));
                if (isKnown && entry.Lease == _leaseNumber)
                {
                    leased += cost;
                }
                else
                {
                    single.Add((id, cost));
                }
            }
        }

        return all.Count > 0 ? new(Guid.CreateVersion7(now), now, leased, single, all) : null;
    }

    /// <summary>Redis knows this of requests.</summary>
    /// <param name="costs">What they have cost; null: they were open. Who has told another cost meanwhile has not told Redis.</param>
    public void Told(IEnumerable<(Guid Id, long? Cost)> costs)
    {
        lock (_lock)
        {
            foreach (var (id, cost) in costs)
            {
                if (_entries.TryGetValue(id, out var entry) && entry.Cost == cost)
                {
                    _entries[id] = entry with { IsTold = true };
                    Forget(id);
                }
            }
        }
    }

    /// <summary>The database counts these.</summary>
    public void Stored(Guid id, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(id, out var entry))
            {
                _entries[id] = entry with { IsStored = true };
                _stored.Enqueue((id, now));
            }
        }
    }

    /// <summary>Forgets what Redis and the database have counted long enough ago, and what cost nothing.</summary>
    public void Tidy(DateTimeOffset now)
    {
        lock (_lock)
        {
            while (_stored.TryPeek(out var oldest) && oldest.At + _keepStored <= now)
            {
                _stored.Dequeue();
                if (_entries.TryGetValue(oldest.Id, out var entry))
                {
                    _entries[oldest.Id] = entry with { IsOld = true };
                    Forget(oldest.Id);
                }
            }

            // Those that the database never gets, because their journal was full or their record is refused.
            if (_nextSweep <= now)
            {
                _nextSweep = now + _keepUnstored;
                foreach (
                    var (id, _) in _entries
                        .Where(e =>
                            e.Value is { IsTold: true, Cost: not null } && e.Value.Expires + _keepUnstored < now
                        )
                        .ToList()
                )
                {
                    _entries.Remove(id);
                }
            }
        }
    }

    /// <summary>The lease has been made, or renewed.</summary>
    /// <param name="number">Its number when that was asked for; where it was given back meanwhile, nobody knows whether Redis heard of that first.</param>
    /// <param name="more">By so much it has become larger.</param>
    /// <param name="now">When it was asked for.</param>
    /// <param name="until">When it ends.</param>
    public void Lease(int number, long more, DateTimeOffset now, DateTimeOffset until)
    {
        lock (_lock)
        {
            if (number != _leaseNumber)
            {
                MustEnter = true;
                return;
            }

            (_lease, _leaseSeen, _leaseUntil) = (_lease + more, now, until);
        }
    }

    /// <summary>Nothing more is taken from the lease, so that it can be given back: entering does that.</summary>
    /// <returns>Whether there was one.</returns>
    public bool EndLease()
    {
        lock (_lock)
        {
            var had = _lease > 0 || _leaseHeld > 0;
            (_lease, _leaseHeld) = (0, 0);
            _leaseNumber++;
            return had;
        }
    }

    /// <summary>All that Redis may not know, of the settled those first that it was not told.</summary>
    public (
        IReadOnlyList<KeyValuePair<Guid, LedgerEntry>> Settled,
        IReadOnlyList<KeyValuePair<Guid, LedgerEntry>> Open
    ) Known()
    {
        lock (_lock)
        {
            return (
                [.. _entries.Where(e => e.Value.Cost is not null).OrderBy(e => e.Value.IsTold)],
                [.. _entries.Where(e => e.Value.Cost is null)]
            );
        }
    }

    private void Hold(Reservation reservation, long cost)
    {
        _lease -= cost;
        _leaseHeld += cost;
        _entries[reservation.Id] = new(cost, reservation.Expires) { Lease = _leaseNumber };
    }

    private void Forget(Guid id)
    {
        if (_entries[id] is { IsTold: true, Cost: { } cost } entry && (cost == 0 || (entry.IsStored && entry.IsOld)))
        {
            _entries.Remove(id);
        }
    }
}
