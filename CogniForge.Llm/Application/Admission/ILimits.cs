using CogniForge.Llm.Domain;
using CogniForge.Llm.Domain.Limits;

namespace CogniForge.Llm.Application.Admission;

/// <summary>May a request be made, by the limits of a key or a route? Takes what it may need at most before it is made, and settles what it needed afterwards; all replicas together keep the limits. Thread-safe.</summary>
internal interface ILimits
{
    /// <summary>Takes what a request may need, all of it or nothing.</summary>
    ValueTask<Verdict> TakeAsync(Claim claim, CancellationToken cancellationToken);

    /// <summary>Settles a claim that was granted. Never fails and never waits.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="cost">What the request has cost, in billionths of a USD.</param>
    /// <param name="tokens">The tokens that it has taken.</param>
    void Settle(Claim claim, long cost, int tokens);

    /// <summary>Takes back a claim that was granted and whose request is not made after all, as if it had never been. Never fails.</summary>
    ValueTask WithdrawAsync(Claim claim);

    /// <summary>These records are in the database now, where what was spent is counted from.</summary>
    void Stored(IReadOnlyList<CompletionRecord> records);

    /// <summary>A key's limits were replaced: what it has spent while it had no budget counts for the budget that it has now. Never waits.</summary>
    void Changed(string key);

    /// <summary>What is left of the budgets that were used of late, USD by key.</summary>
    IReadOnlyList<KeyValuePair<string, decimal>> BudgetsLeft();
}

/// <summary>What has a key spent, by the database?</summary>
internal interface ISpendStore
{
    /// <summary>What a key has spent in a window.</summary>
    /// <param name="key">The key's id.</param>
    /// <param name="window">The window.</param>
    /// <param name="except">Records that are not to be counted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<Spent> SpentAsync(string key, BudgetWindow window, IReadOnlyCollection<Guid> except, CancellationToken cancellationToken);

    /// <summary>The costs of those of some records that are there; null: the record has none.</summary>
    Task<IReadOnlyDictionary<Guid, decimal?>> CostsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);
}

/// <summary>What was spent.</summary>
/// <param name="Usd">The sum, USD.</param>
/// <param name="Recent">The records of the sum that may be told of again: those that were stored in the last half minute, and those that could not be left out.</param>
internal sealed record Spent(decimal Usd, IReadOnlyList<Guid> Recent);

/// <summary>What a request may need of the limits of its key, or of its route.</summary>
internal sealed record Claim
{
    /// <summary>The id of the request and of its record.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose limits they are: the key's id, or <c>route:</c> with the route's name.</summary>
    public required string Key { get; init; }

    /// <summary>The limits; of a route rates alone.</summary>
    public required KeyLimits Limits { get; init; }

    /// <summary>When the request came.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When the request is over at the latest; what was not settled by then never will be, because its process has ended.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>The tokens that it will take, by an estimate.</summary>
    public int Tokens { get; init; }

    /// <summary>What it may cost.</summary>
    public WorstCase Worst { get; init; }

    /// <summary>The output tokens of an answer that it wants.</summary>
    public int Wanted { get; init; }

    /// <summary>The output tokens that it can do with.</summary>
    public int Least { get; init; }
}

/// <summary>Whether a claim is granted.</summary>
internal enum Admittance
{
    /// <summary>It is.</summary>
    Granted,

    /// <summary>The requests of the minute are used up.</summary>
    RequestRate,

    /// <summary>The tokens of the minute are used up.</summary>
    TokenRate,

    /// <summary>The budget does not bear it.</summary>
    BudgetExceeded,

    /// <summary>The budget may bear it once requests that are being answered have told what they really cost.</summary>
    BudgetHeld,

    /// <summary>Nobody can tell now.</summary>
    Unavailable,
}

/// <summary>The answer to a claim.</summary>
/// <param name="Result">Whether it is granted.</param>
/// <param name="Output">The output tokens that the budget bears, at most those wanted.</param>
/// <param name="Requests">The requests per minute; null: not limited.</param>
/// <param name="Tokens">The tokens per minute; null: not limited.</param>
/// <param name="BudgetLeft">What is left of the budget when all that is held is spent, in billionths of a USD; null: no budget, or not known.</param>
/// <param name="RetryAfter">When to try again; null: of no use, or not known.</param>
internal readonly record struct Verdict(
    Admittance Result, int Output = 0, RateLevel? Requests = null, RateLevel? Tokens = null, long? BudgetLeft = null, TimeSpan? RetryAfter = null);
