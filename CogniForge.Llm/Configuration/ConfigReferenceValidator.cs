using CogniForge.Llm.Providers;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>
/// The rules between routes, providers and prices: what they refer to exists, and names are unique. Each one's own
/// <c>Validate</c> checks its contents.
/// </summary>
internal static class ConfigReferenceValidator
{
    private const string MockIsOff = "must not be the mock, which is off here; Mock:Enabled = true switches it on";

    /// <param name="name">The route's name.</param>
    /// <param name="route">The route.</param>
    /// <param name="providers">The names of the providers that it may use.</param>
    public static IEnumerable<FieldError> ValidateRoute(
        string name,
        RouteConfig route,
        IReadOnlyCollection<string> providers
    ) =>
        route
            .Validate(name)
            .Concat(
                (route.Targets ?? [])
                    .Index()
                    .Where(t => ConfigNames.IsProvider(t.Item?.Provider) && !providers.Contains(t.Item!.Provider))
                    .Select(t => new FieldError(
                        $"targets[{t.Index}].provider",
                        t.Item!.Provider == Provider.Mock.Name ? MockIsOff : NameOneOf(providers)
                    ))
            );

    /// <summary>Finds a name of the route that another route has; null: there is none.</summary>
    public static string? FindConflict(ModelRoute route, IEnumerable<ModelRoute> others) =>
        others
            .Where(o => o.Name != route.Name)
            .SelectMany(
                o => route.Names.Intersect(o.Names),
                (o, name) => $"The name {name} belongs to the route {o.Name}."
            )
            .FirstOrDefault();

    /// <param name="name">The provider's name.</param>
    /// <param name="provider">The provider.</param>
    /// <param name="file">The configuration that it may override; its API keys stay at their servers.</param>
    public static IEnumerable<FieldError> ValidateProvider(string name, ProviderConfig provider, StartupConfig file)
    {
        var errors = FieldErrors.From(ValidateProvider(name, provider, file.HasMock));
        return errors.Count > 0 || !file.Keyed.Contains(name)
            ? errors
            : ProviderApiKeys.ValidateAddress(
                provider.ToProvider(name, ConfigOrigin.Api),
                file.Providers.FirstOrDefault(p => p.Name == name)?.Address
            );
    }

    /// <summary>Validates a provider without its address.</summary>
    public static IEnumerable<FieldError> ValidateProvider(string name, ProviderConfig provider, bool hasMock) =>
        provider
            .Validate(name)
            .Concat(
                !hasMock && ProviderProfiles.Find(provider.Kind ?? name)?.Kind == ProviderKind.Mock
                    ? [new FieldError("kind", MockIsOff)]
                    : []
            );

    /// <summary>Finds out whether the name of a provider is taken; null: it is free.</summary>
    public static string? FindConflict(string provider) =>
        provider == Provider.Mock.Name ? "The provider mock is built in." : null;

    /// <summary>Finds out whether routes need the provider; null: it can be deleted.</summary>
    public static string? FindUse(string provider, IEnumerable<ModelRoute> routes)
    {
        var users = routes.Where(r => r.Targets.Any(t => t.Provider == provider)).Select(r => r.Name).ToList();
        return users.Count > 0
            ? $"The provider {provider} is a target of {string.Join(", ", users.Take(10))}; "
                + $"change or delete {(users.Count == 1 ? "that route" : "those routes")} first."
            : null;
    }

    /// <summary>Validates a price without its provider, which may have been deleted.</summary>
    public static IEnumerable<FieldError> ValidatePrice(PriceKey key, PriceConfig price) =>
        key.Validate().Concat(price.Validate());

    /// <param name="key">What the price is for.</param>
    /// <param name="price">The price.</param>
    /// <param name="providers">The names of the existing providers.</param>
    public static IEnumerable<FieldError> ValidatePrice(PriceKey key, PriceConfig price, IEnumerable<string> providers)
    {
        string[] allowed = [.. providers.Union(ProviderProfiles.NamesWithDefaultUrl)];
        return ValidatePrice(key, price)
            .Concat(
                ConfigNames.IsProvider(key.Provider) && !allowed.Contains(key.Provider)
                    ? [new FieldError("provider", NameOneOf(allowed))]
                    : []
            );
    }

    private static string NameOneOf(IEnumerable<string> providers) =>
        $"must name an existing provider: {string.Join(", ", providers.Order(StringComparer.Ordinal))}";
}
