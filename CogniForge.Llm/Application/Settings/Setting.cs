namespace CogniForge.Llm.Application.Settings;

/// <summary>Something that the admin API has set up.</summary>
/// <param name="Kind">What it is, one of <see cref="SettingKinds"/>.</param>
/// <param name="Name">Identifies it among its kind.</param>
/// <param name="Document">The rest, as JSON.</param>
internal sealed record Setting(string Kind, string Name, string Document);

/// <summary>What can be set up.</summary>
internal static class SettingKinds
{
    /// <summary>A <see cref="RouteDocument"/>, by the route's name.</summary>
    public const string Route = "route";

    /// <summary>A <see cref="ProviderDocument"/>, by the provider's name.</summary>
    public const string Provider = "provider";

    /// <summary>A <see cref="PriceDocument"/>, by its <see cref="PriceKey"/>.</summary>
    public const string Price = "price";
}

/// <summary>A change of one setting.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Which one.</param>
/// <param name="Document">What it is from now on; null: it is removed.</param>
internal sealed record SettingChange(string Kind, string Name, string? Document);

/// <summary>What is set up by API?</summary>
internal interface ISettingStore
{
    /// <summary>Everything, by kind and name.</summary>
    Task<IReadOnlyList<Setting>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Makes a change that depends on what there is; no other change comes between.</summary>
    /// <param name="decide">Says what to change, given everything; null: nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task ChangeAsync(Func<IReadOnlyList<Setting>, SettingChange?> decide, CancellationToken cancellationToken);
}
