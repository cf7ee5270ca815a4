namespace CogniForge.Llm.Limits.Budgets;

/// <summary>What this replica may spend of a budget without asking the store. Thread-safe.</summary>
internal sealed class BudgetLease(string key, BudgetWindow window)
{
    /// <summary>
    /// Shorter than the store's hour, so that no replica uses a lease that others count as expired.
    /// </summary>
    private static readonly TimeSpan _validity = TimeSpan.FromMinutes(55);

    private readonly Lock _lock = new();
    private Guid _id = Guid.CreateVersion7();
    private int _version;
    private bool _isStored;
    private volatile bool _isClosed;
    private long _amount;
    private long _allowance;
    private long _spent;
    private long _held;
    private (long Spent, long Held, long Allowance) _stored;
    private LeaseGrant? _grant;
    private DateTimeOffset _renewedAt;
    private DateTimeOffset _usedAt;

    public string Key => key;

    public BudgetWindow Window => window;

    /// <summary>Held while the store renews or ends the lease.</summary>
    public SemaphoreSlim Renewing { get; } = new(1);

    /// <summary>When to compare with the request log next.</summary>
    public DateTimeOffset ReconcileAt { get; set; }

    /// <summary>The timestamp of the last renewal that failed. Requests that waited for it fail with it.</summary>
    public long FailedAt { get; set; } = long.MinValue;

    /// <summary>Whether the lease has ended, so that requests need another one.</summary>
    public bool IsClosed => _isClosed;

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
    /// <param name="mayCut">Whether fewer output tokens than wanted will do.</param>
    /// <returns>The result; null: only the store can decide.</returns>
    public ReservationResult? TryReserve(Reservation reservation, long amount, DateTimeOffset now, bool mayCut)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return TryRefuse(reservation, amount);
            }

            _usedAt = now;
            var (cost, unused) = (reservation.MaxCost, _allowance - InUse);
            if (
                amount != _amount
                || now - _renewedAt >= _validity
                || unused < (mayCut ? reservation.LeastCost : reservation.WantedCost)
            )
            {
                return TryRefuse(reservation, amount);
            }

            var tokens =
                unused < reservation.WantedCost
                    ? (int)((unused - cost.Input) / cost.PerToken)
                    : reservation.MaxOutputTokens;
            _held += cost.ForOutputTokens(tokens);
            return new(ReservationStatus.Granted, tokens, BudgetRemaining: Remaining);
        }
    }

    /// <summary>Replaces the amount that a granted request held by its cost.</summary>
    public void Commit(Reservation reservation, long cost)
    {
        lock (_lock)
        {
            _held -= reservation.WantedCost;
            _spent += cost;
        }
    }

    /// <summary>Gives back a part of what a granted request holds.</summary>
    public void Release(long amount)
    {
        lock (_lock)
        {
            _held -= amount;
        }
    }

    /// <summary>Refuses a request whose renewal did not make room for it; null: the lease was closed.</summary>
    public ReservationResult? Refuse(Reservation reservation, long amount)
    {
        lock (_lock)
        {
            StopUsingRest(); // too little for this request, but maybe enough for one of another replica
            var isKnown = !_isClosed && _grant is not null && amount == _amount;
            return TryRefuse(reservation, amount)
                ?? (isKnown ? new(ReservationStatus.BudgetHeld, BudgetRemaining: Remaining) : null);
        }
    }

    /// <summary>Describes the lease for its renewal. Requests go on using the allowance meanwhile.</summary>
    /// <param name="amount">The budget; null: as before.</param>
    /// <param name="reserve">The part of the budget to lease for requests to come.</param>
    /// <param name="reservation">The request at hand, if any.</param>
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

            _amount = wanted;
            return new()
            {
                Lease = _id,
                Key = key,
                Window = window,
                Version = ++_version,
                IsNew = !_isStored,
                Amount = _amount,
                Spent = _spent,
                Held = _held,
                Keep = Math.Max(_allowance, InUse),
                MinCost = reservation?.LeastCost ?? 0,
                MaxCost = reservation?.WantedCost ?? 0,
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
                (_id, _isStored, _version) = (Guid.CreateVersion7(), false, 0);
                (_spent, _stored, _allowance) = (_spent - _stored.Spent, default, 0);
                return false;
            }

            // What open requests give back must not be spent again if the budget was made smaller meanwhile.
            _allowance = Math.Min(grant.Allowance, grant.Available);
            (_isStored, _renewedAt) = (true, sentAt);
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

    /// <summary>Closes a lease that was not used for a time, and has nothing open or unreported.</summary>
    public bool TryClose(DateTimeOffset unusedSince)
    {
        lock (_lock)
        {
            return _isClosed = _held == 0 && _stored.Spent == _spent && _usedAt < unusedSince;
        }
    }

    /// <summary>Reopens a lease that the store may have ended; requests need a renewal first.</summary>
    public void Reopen()
    {
        lock (_lock)
        {
            (_isClosed, _allowance) = (false, _isClosed ? 0 : _allowance);
        }
    }

    /// <summary>Stops using what is neither spent nor held; the next renewal returns it. Needs the lock.</summary>
    private void StopUsingRest() => _allowance = Math.Min(_allowance, InUse);

    /// <summary>What was spent never shrinks within a window, so this needs no store. Needs the lock.</summary>
    private ReservationResult? TryRefuse(Reservation reservation, long amount) =>
        _grant is not null && amount == _amount && amount - _grant.OthersSpent - _spent < reservation.LeastCost
            ? new(ReservationStatus.BudgetExceeded, BudgetRemaining: Remaining)
            : null;
}
