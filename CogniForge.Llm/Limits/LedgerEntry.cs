namespace CogniForge.Llm.Limits;

/// <summary>A request of a budget, as a replica knows it.</summary>
/// <param name="Amount">What it may cost.</param>
/// <param name="Expires">When it is over at the latest.</param>
internal readonly record struct LedgerEntry(long Amount, DateTimeOffset Expires)
{
    /// <summary>What it has cost; null: it is open.</summary>
    public long? Cost { get; init; }

    /// <summary>Whether Redis knows as much.</summary>
    public bool IsTold { get; init; }

    /// <summary>The number of the lease that it was taken from; null: none.</summary>
    public int? Lease { get; init; }

    /// <summary>Whether the database counts it.</summary>
    public bool IsStored { get; init; }

    /// <summary>Whether it does so for long.</summary>
    public bool IsOld { get; init; }
}
