namespace CogniForge.Llm.Configuration;

/// <summary>The kinds of entries, as stored.</summary>
internal static class ConfigKinds
{
    /// <summary>A <see cref="RouteConfig"/> under the route's name.</summary>
    public const string Route = "route";

    /// <summary>A <see cref="ProviderConfig"/> under the provider's name.</summary>
    public const string Provider = "provider";

    /// <summary>A <see cref="PriceConfig"/> under its <see cref="PriceKey"/>.</summary>
    public const string Price = "price";

    /// <summary>A <see cref="ProjectConfig"/> under the project's name.</summary>
    public const string Project = "project";
}
