namespace CogniForge.Llm.Limits.Budgets;

/// <summary>
/// What a replica reports about its lease and asks for. All amounts are totals since the lease began, in billionths of
/// a USD, so that a renewal may arrive twice.
/// </summary>
internal sealed record LeaseRenewal
{
    public required Guid Lease { get; init; }

    public required string Key { get; init; }

    public required BudgetWindow Window { get; init; }

    /// <summary>Increases with each renewal of a lease.</summary>
    public required int Version { get; init; }

    /// <summary>Whether the store has not confirmed the lease yet.</summary>
    public required bool IsNew { get; init; }

    /// <summary>The budget.</summary>
    public required long Amount { get; init; }

    public required long Spent { get; init; }

    public required long Held { get; init; }

    /// <summary>The present allowance, which the replica goes on using during the renewal.</summary>
    public required long Keep { get; init; }

    /// <summary>The least that the request at hand needs; 0 if there is none.</summary>
    public long MinCost { get; init; }

    /// <summary>What the request at hand would like.</summary>
    public long MaxCost { get; init; }

    /// <summary>What to lease beyond that, for requests to come.</summary>
    public required long Reserve { get; init; }

    /// <summary>
    /// Divides the budget between this lease and the others. The nearer its end, the smaller the reserve.
    /// </summary>
    /// <param name="othersSpent">What was spent outside this lease.</param>
    /// <param name="othersAllowance">The same plus the unspent allowances of the other leases.</param>
    /// <param name="isShort">Whether a request found too little left in the last seconds.</param>
    public LeaseGrant Grant(long othersSpent, long othersAllowance, bool isShort)
    {
        var inUse = Spent + Held;
        var available = Amount - othersAllowance;
        if (available - inUse < MinCost)
        {
            return new(Keep, available, othersSpent, IsShort: true);
        }

        var allowance = Math.Min(inUse + MaxCost, available);
        var reserve = isShort ? 0 : Math.Min(Reserve, (available - allowance) / 4);
        allowance = Math.Max(Keep, allowance + reserve);
        return new(allowance, available, othersSpent, isShort);
    }
}
