namespace CogniForge.Llm.Limits;

/// <summary>What requests of a budget have cost, on its way to Redis.</summary>
/// <param name="Id">By this it is counted once, however often it is told.</param>
/// <param name="At">When it was made.</param>
/// <param name="Leased">The sum of those that the lease held.</param>
/// <param name="Single">The others, each counted by its own id.</param>
/// <param name="All">All of them.</param>
internal sealed record CostReport(
    Guid Id,
    DateTimeOffset At,
    long Leased,
    IReadOnlyList<(Guid Id, long Cost)> Single,
    IReadOnlyList<(Guid Id, long? Cost)> All
);
