namespace CogniForge.Llm.Limits.Budgets;

/// <summary>What this replica may spend of a budget without asking the store. Thread-safe.</summary>
internal sealed class BudgetLease(string key, BudgetWindow window)
{
    // Shorter than the store's hour, so that no replica uses a lease that others count as expired.
    private static readonly TimeSpan _validity = TimeSpan.FromMinutes(55);

    private readonly Lock _lock = new();
    private Guid _id = Guid.CreateVersion7();
    private int _version;
    private long _amount;
    private long _allowance;
    private long _spent;
    private long _held;
    private long _awaited;
    private LeaseGrant? _grant;
    private (long Spent, long Held, long Allowance) _stored;
    private DateTimeOffset _renewedAt;
    private DateTimeOffset _usedAt;

    public string Key => key;

    public BudgetWindow Window => window;

    /// <summary>Held while the store renews or ends the lease.</summary>
    public SemaphoreSlim Renewing { get; } = new(1);

    /// <summary>Whether the lease has ended, so that requests need another one.</summary>
    public bool IsClosed { get; set; }

    /// <summary>The timestamp of the last renewal that failed. Requests that waited for it fail with it.</summary>
    public long FailedAt { get; set; } = long.MinValue;

    /// <summary>When to compare with the request log next.</summary>
    public DateTimeOffset ReconcileAt { get; set; }

    public (Guid Id, long Spent, long Held) Usage
    {
        get
        {
            lock (_lock)
            {
                return (_id, _spent, _held);
            }
        }
    }

    /// <summary>What remains of the budget if all open requests cost their maximum; null: unknown.</summary>
    public long? Remaining
    {
        get
        {
            lock (_lock)
            {
                return _grant is null ? null : Math.Max(0, _grant.Available - InUse);
            }
        }
    }

    private long InUse => _spent + _held;

    /// <summary>Reserves a request's cost from the allowance, or refuses what the budget cannot cover.</summary>
    /// <param name="reservation">The request.</param>
    /// <param name="amount">The budget that the key has now.</param>
    /// <param name="now">The time.</param>
    /// <param name="isRenewed">
    /// Whether the store was asked for this request: all that is left is for it, and fewer output tokens will do.
    /// </param>
    /// <returns>The result; null: only the store can decide, or it has left too little.</returns>
    public ReservationResult? TryReserve(Reservation reservation, long amount, DateTimeOffset now, bool isRenewed)
    {
        lock (_lock)
        {
            (_usedAt, _awaited) = (now, isRenewed ? 0 : _awaited);
            var (cost, unused) = (reservation.MaxCost, _allowance - InUse - _awaited);
            if (
                amount != _amount
                || now - _renewedAt >= _validity
                || unused < (isRenewed ? reservation.LeastCost : reservation.WantedCost)
            )
            {
                // What was spent never shrinks within a window, so this needs no store.
                return _grant is not null
                    && amount == _amount
                    && amount - _grant.OthersSpent - _spent < reservation.LeastCost
                    ? new(ReservationStatus.BudgetExceeded, BudgetRemaining: Remaining)
                    : null;
            }

            var tokens =
                unused < reservation.WantedCost
                    ? (int)((unused - cost.Input) / cost.PerToken)
                    : reservation.MaxOutputTokens;
            _held += cost.ForOutputTokens(tokens);
            return new(ReservationStatus.Granted, tokens, BudgetRemaining: Remaining);
        }
    }

    /// <summary>Replaces a part of what a granted request holds by its cost.</summary>
    /// <param name="held">The part; all of it when the request ends.</param>
    /// <param name="cost">The cost.</param>
    public void Commit(long held, long cost)
    {
        lock (_lock)
        {
            _held -= held;
            _spent += cost;
        }
    }

    /// <summary>Stops using what is neither spent nor held; the next renewal returns it.</summary>
    public void StopUsingRest()
    {
        lock (_lock)
        {
            _allowance = Math.Min(_allowance, InUse);
        }
    }

    /// <summary>Describes the lease for its renewal. Requests go on using the allowance meanwhile.</summary>
    /// <param name="amount">The budget; null: as before.</param>
    /// <param name="reserve">The part of the budget to lease for requests to come.</param>
    /// <param name="reservation">The request that waits for the renewal, if any.</param>
    /// <param name="now">The time.</param>
    public LeaseRenewal CreateRenewal(long? amount, decimal reserve, Reservation? reservation, DateTimeOffset now)
    {
        lock (_lock)
        {
            var wanted = amount ?? _amount;
            if (wanted < _amount || now - _renewedAt >= _validity)
            {
                _allowance = 0; // not even what open requests give back may be spent again
            }
            else if (reservation is null)
            {
                _allowance = Math.Min(_allowance, InUse + (long)(wanted * reserve));
            }

            // Other requests must not take meanwhile what this one waits for.
            (_amount, _awaited) = (wanted, reservation?.WantedCost ?? 0);
            return new()
            {
                Lease = _id,
                Key = key,
                Window = window,
                Version = ++_version,
                IsNew = _grant is null,
                Amount = _amount,
                Spent = _spent,
                Held = _held,
                Keep = Math.Max(_allowance, InUse),
                MinCost = reservation?.LeastCost ?? 0,
                MaxCost = _awaited,
                Reserve = (long)(_amount * reserve),
            };
        }
    }

    /// <summary>Applies the store's response to a renewal.</summary>
    /// <returns>False: the store no longer has the lease, and a new one has to be renewed.</returns>
    public bool Apply(LeaseRenewal renewal, LeaseGrant? grant, DateTimeOffset sentAt)
    {
        lock (_lock)
        {
            _grant = grant;
            if (grant is null)
            {
                // What was stored counts as spent by now; the rest belongs to the new lease.
                (_id, _spent) = (Guid.CreateVersion7(), _spent - _stored.Spent);
                (_stored, _allowance) = (default, 0);
                return false;
            }

            // What open requests give back must not be spent again if the budget was made smaller meanwhile.
            _allowance = Math.Min(grant.Allowance, grant.Available);
            _renewedAt = sentAt;
            _stored = (renewal.Spent, renewal.Held, grant.Allowance);
            if (grant.IsShort && renewal.MaxCost == 0)
            {
                StopUsingRest();
            }

            return true;
        }
    }

    /// <summary>
    /// Whether there is something to report or to return, or the last renewal is older than an interval.
    /// </summary>
    public bool IsDue(DateTimeOffset now, TimeSpan interval)
    {
        lock (_lock)
        {
            return _stored != (_spent, _held, _allowance) || now - _renewedAt >= interval;
        }
    }

    /// <summary>
    /// Stops using a lease that was not used for a time, and has nothing open or unreported, so that it can end.
    /// </summary>
    /// <returns>Whether it can. If the store does not end it, the next renewal goes on with it.</returns>
    public bool TryStop(DateTimeOffset unusedSince)
    {
        lock (_lock)
        {
            var canEnd = _held == 0 && _stored.Spent == _spent && _usedAt < unusedSince;
            _renewedAt = canEnd ? DateTimeOffset.MinValue : _renewedAt;
            return canEnd;
        }
    }
}
