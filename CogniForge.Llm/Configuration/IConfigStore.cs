namespace CogniForge.Llm.Configuration;

/// <summary>What is set up by API?</summary>
internal interface IConfigStore
{
    /// <summary>Everything, by kind and name.</summary>
    Task<IReadOnlyList<ConfigEntry>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Makes a change that depends on what there is; no other change comes between.</summary>
    /// <param name="decide">Says what to change, given everything; null: nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task ChangeAsync(Func<IReadOnlyList<ConfigEntry>, ConfigChange?> decide, CancellationToken cancellationToken);
}
