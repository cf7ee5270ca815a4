using CogniForge.Llm.RequestLog;

namespace CogniForge.Llm.Limits;

/// <summary>May a request be made, by the limits of a key or a route? Takes what it may need at most before it is made, and settles what it needed afterwards; all replicas together keep the limits. Thread-safe.</summary>
internal interface ILimiter
{
    /// <summary>Takes what a request may need, all of it or nothing.</summary>
    ValueTask<ReservationResult> ReserveAsync(Reservation reservation, CancellationToken cancellationToken);

    /// <summary>Settles a claim that was granted. Never fails and never waits.</summary>
    /// <param name="reservation">The claim.</param>
    /// <param name="cost">What the request has cost, in billionths of a USD.</param>
    /// <param name="tokens">The tokens that it has taken.</param>
    void Commit(Reservation reservation, long cost, int tokens);

    /// <summary>Takes back a claim that was granted and whose request is not made after all, as if it had never been. Never fails.</summary>
    ValueTask CancelAsync(Reservation reservation);

    /// <summary>These records are in the database now, where what was spent is counted from.</summary>
    void Stored(IReadOnlyList<RequestLogEntry> records);

    /// <summary>A key's limits were replaced: what it has spent while it had no budget counts for the budget that it has now. Never waits.</summary>
    void Changed(string key);

    /// <summary>What is left of the budgets that were used of late, USD by key.</summary>
    IReadOnlyList<KeyValuePair<string, decimal>> BudgetsLeft();
}
