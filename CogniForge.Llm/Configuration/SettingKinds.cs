namespace CogniForge.Llm.Configuration;

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
