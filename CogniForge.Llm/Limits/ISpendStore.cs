namespace CogniForge.Llm.Limits;

/// <summary>What has a key spent, by the database?</summary>
internal interface ISpendStore
{
    /// <summary>What a key has spent in a window.</summary>
    /// <param name="key">The key's id.</param>
    /// <param name="window">The window.</param>
    /// <param name="except">Records that are not to be counted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<Spent> SpentAsync(
        string key,
        BudgetWindow window,
        IReadOnlyCollection<Guid> except,
        CancellationToken cancellationToken
    );

    /// <summary>The costs of those of some records that are there; null: the record has none.</summary>
    Task<IReadOnlyDictionary<Guid, decimal?>> CostsAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    );
}
