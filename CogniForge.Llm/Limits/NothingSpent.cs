namespace CogniForge.Llm.Limits;

/// <summary>Without a database nothing was spent before the process started.</summary>
internal sealed class NothingSpent : ISpendStore
{
    public Task<Spent> SpentAsync(
        string key,
        BudgetWindow window,
        IReadOnlyCollection<Guid> except,
        CancellationToken cancellationToken
    ) => Task.FromResult(new Spent(0, []));

    public Task<IReadOnlyDictionary<Guid, decimal?>> CostsAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyDictionary<Guid, decimal?>>(new Dictionary<Guid, decimal?>());
}
