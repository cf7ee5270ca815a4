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
    private bool _isClosed;
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

    /// <summary>Whether the lease has ended, so that requests need another one.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                return _isClosed;
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
                return _grant is null ? null : Math.Max(0, _grant.Available - _spent - _held);
            }
        }
    }

    /// <summary>Reserves a request's cost from the allowance.</summary>
    /// <param name="reservation">The request.</param>
    /// <param name="amount">The budget that the key has now.</param>
    /// <param name="now">The time.</param>
    /// <param name="mayCut">Whether fewer output tokens than wanted will do.</param>
    /// <returns>Null: the allowance does not cover it.</returns>
    public BudgetResult? TryReserve(Reservation reservation, long amount, DateTimeOffset now, bool mayCut)
    {
        var (cost, tokens) = (reservation.MaxCost, reservation.MaxOutputTokens);
        lock (_lock)
        {
            if (_isClosed)
            {
                return null;
            }

            _usedAt = now;
            if (amount != _amount || now - _renewedAt >= _validity)
            {
                return null;
            }

            var unused = _allowance - _spent - _held;
            if (unused < cost.ForOutputTokens(mayCut ? reservation.MinOutputTokens : tokens))
            {
                return null;
            }

            tokens =
                unused < cost.ForOutputTokens(tokens) ? (int)((unused - cost.Input) / cost.PerToken) : tokens;
            _held += cost.ForOutputTokens(tokens);
            return new(ReservationStatus.Granted, tokens, Remaining);
        }
    }

    /// <summary>The refusal of a request that the budget does not cover; null: the store may know better.</summary>
    public BudgetResult? TryRefuse(Reservation reservation, long amount, bool isFinal)
    {
        lock (_lock)
        {
            if (_grant is null || amount != _amount)
            {
                return null;
            }

            // What was spent never shrinks within a window.
            var isExceeded =
                amount - _grant.OthersSpent - _spent < reservation.MaxCost.ForOutputTokens(reservation.MinOutputTokens);
            return isExceeded ? new(ReservationStatus.BudgetExceeded, 0, Remaining)
                : isFinal ? new(ReservationStatus.BudgetHeld, 0, Remaining)
                : null;
        }
    }

    /// <summary>Replaces what a granted request held by what it has cost.</summary>
    public void Commit(Reservation reservation, long cost)
    {
        lock (_lock)
        {
            _held -= reservation.MaxCost.ForOutputTokens(reservation.MaxOutputTokens);
            _spent += cost;
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
            var (before, wanted) = (_amount, amount ?? _amount);
            _amount = wanted;
            if (wanted < before || now - _renewedAt >= _validity)
            {
                _allowance = 0; // not even what open requests give back may be spent again
            }
            else if (reservation is null)
            {
                _allowance = Math.Min(_allowance, _spent + _held + (long)(wanted * reserve));
            }

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
                Keep = Math.Max(_allowance, _spent + _held),
                MinCost = reservation?.MaxCost.ForOutputTokens(reservation.MinOutputTokens) ?? 0,
                MaxCost = reservation?.MaxCost.ForOutputTokens(reservation.MaxOutputTokens) ?? 0,
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
            if (grant is null)
            {
                // What was stored counts as spent by now; the rest belongs to the new lease.
                (_id, _isStored, _version) = (Guid.CreateVersion7(), false, 0);
                (_spent, _stored, _allowance, _grant) = (_spent - _stored.Spent, default, 0, null);
                return false;
            }

            // What open requests give back must not be spent again if the budget was made smaller meanwhile.
            _allowance = Math.Min(grant.Allowance, grant.Available);
            (_isStored, _grant, _renewedAt) = (true, grant, sentAt);
            _stored = (renewal.Spent, renewal.Held, grant.Allowance);
            return true;
        }
    }

    /// <summary>Stops using what is neither spent nor held; the next renewal returns it.</summary>
    public void Shrink()
    {
        lock (_lock)
        {
            _allowance = Math.Min(_allowance, _spent + _held);
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

    /// <summary>Reopens a lease whose end the store has not confirmed, so that others may have its rest.</summary>
    public void Reopen()
    {
        lock (_lock)
        {
            (_isClosed, _allowance) = (false, 0);
        }
    }
}
