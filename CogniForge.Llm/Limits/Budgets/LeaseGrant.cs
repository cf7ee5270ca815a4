namespace CogniForge.Llm.Limits.Budgets;

/// <summary>The store's response to a renewal, in billionths of a USD.</summary>
/// <param name="Allowance">The most that the lease's requests may cost together.</param>
/// <param name="Available">
/// What the other leases leave of the budget. Less than the allowance if the budget was made smaller.
/// </param>
/// <param name="OthersSpent">What was spent outside this lease.</param>
/// <param name="IsShort">
/// Whether requests find too little left, so that every replica returns what it does not use.
/// </param>
internal sealed record LeaseGrant(long Allowance, long Available, long OthersSpent, bool IsShort);
