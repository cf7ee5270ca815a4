namespace CogniForge.Serving.Shadows;

/// <summary>Stores shadows and their comparisons.</summary>
internal interface IShadowStore
{
    /// <summary>Lists all shadows.</summary>
    Task<IReadOnlyList<Shadow>> ListAllAsync(CancellationToken cancellationToken);

    /// <summary>Lists the shadows of a model, by version; at most <see cref="Shadow.MaxPerModel"/>.</summary>
    Task<IReadOnlyList<Shadow>> ListAsync(string model, CancellationToken cancellationToken);

    /// <summary>Decides on a change and stores it with its audit entry, in one transaction.</summary>
    /// <param name="model">The model; its changes run one after the other.</param>
    /// <param name="decide">Gets the model's shadows and returns the change, null for none.</param>
    /// <param name="cancellationToken">Cancels the transaction.</param>
    Task ChangeAsync(
        string model,
        Func<IReadOnlyList<Shadow>, ShadowChange?> decide,
        CancellationToken cancellationToken
    );

    /// <summary>Stores comparisons; an id that is stored already counts once.</summary>
    Task AddAsync(IReadOnlyList<ShadowComparison> comparisons, CancellationToken cancellationToken);

    /// <summary>Sums up the comparisons of a shadow since a time.</summary>
    Task<ShadowReport> ReportAsync(Shadow shadow, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Deletes the comparisons before a time.</summary>
    Task DeleteAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
