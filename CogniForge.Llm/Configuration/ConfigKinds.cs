namespace CogniForge.Llm.Configuration;

/// <summary>What can be set up.</summary>
internal static class ConfigKinds
{
    /// <summary>A <see cref="RouteConfig"/>, by the route's name.</summary>
    public const string Route = "route";

    /// <summary>A <see cref="ProviderConfig"/>, by the provider's name.</summary>
    public const string Provider = "provider";

    /// <summary>A <see cref="PriceConfig"/>, by its <see cref="PriceKey"/>.</summary>
    public const string Price = "price";
}
