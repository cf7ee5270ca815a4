using CogniForge.Llm.Limits.Rates;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Configuration;

/// <summary>The providers and routes that configuration names.</summary>
internal static class FileConfigReader
{
    /// <summary>All that the process starts with.</summary>
    /// <exception cref="InvalidOperationException">A section is wrong.</exception>
    public static FileConfig Read(IConfiguration configuration) =>
        new(
            Providers(configuration),
            configuration
                .GetSection("Providers")
                .GetChildren()
                .Where(s => s["ApiKey"] is { Length: > 0 })
                .Select(s => s.Key)
                .ToHashSet(StringComparer.OrdinalIgnoreCase),
            Routes(configuration),
            BuiltInPrices.Read()
        );

    /// <summary>The providers: of those that CogniForge knows by name, the ones with a key or an address; others need an address. A key alone waits for the provider that the admin API sets up.</summary>
    /// <exception cref="InvalidOperationException">A provider's section is wrong.</exception>
    public static IReadOnlyList<Provider> Providers(IConfiguration configuration) =>
        [
            .. configuration
                .GetSection("Providers")
                .GetChildren()
                .Select(section =>
                {
                    var options =
                        section.Get<ProviderOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new();
                    return (
                        Options: options,
                        Provider: new Provider(section.Key, options.Kind ?? ParseKind(section.Key), options.BaseUrl)
                    );
                })
                .Where(p =>
                    p.Options.BaseUrl is not null
                    || (p.Options.ApiKey is { Length: > 0 } && p.Provider.Address is not null)
                )
                .Select(p => Checked(p.Provider)),
        ];

    /// <summary>The routes.</summary>
    /// <exception cref="InvalidOperationException">A route's section is wrong.</exception>
    public static IReadOnlyList<ModelRoute> Routes(IConfiguration configuration) =>
        [
            .. configuration
                .GetSection("Routes")
                .GetChildren()
                .Select(section =>
                {
                    var options =
                        section.Get<RouteOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new();
                    return new ModelRoute(
                        section.Key,
                        [.. options.Targets.Select(t => new Target(t.Provider, t.Model, t.Order, t.Weight))]
                    )
                    {
                        Aliases = options.Aliases,
                        MaxOutputTokens = options.MaxOutputTokens,
                        Limits = options.Limits is { } limits ? Checked(section.Key, limits) : null,
                        Timeouts = options.Timeouts,
                        Cache = options.Cache,
                    };
                }),
        ];

    private static ProviderKind ParseKind(string name) =>
        Enum.TryParse<ProviderKind>(name, ignoreCase: true, out var kind) ? kind : ProviderKind.OpenAICompatible;

    private static RateLimits Checked(string route, RateLimits limits) =>
        limits.Validate().Select(b => $"Routes:{route}:Limits: {b.Field} {b.Rule}.").FirstOrDefault() is { } broken
            ? throw new InvalidOperationException(broken)
            : limits;

    private static Provider Checked(Provider provider) =>
        provider.BaseUrl is { } url && ProviderConfig.Rule(url.OriginalString) is { } rule
            ? throw new InvalidOperationException($"Providers:{provider.Name}:BaseUrl {rule}.")
            : provider;
}
