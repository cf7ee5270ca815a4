using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>The rules between settings. Each method returns null where all is well.</summary>
internal static class ConfigRules
{
    /// <summary>A route needs names that no other has, and providers that there are.</summary>
    public static ConfigChangeResult? OfRoute(GatewayConfig config, ModelRoute route)
    {
        var providers = config.Routes.Providers.Select(p => p.Name).Order(StringComparer.Ordinal).ToList();
        var unknown = route
            .Targets.Index()
            .Where(t => !providers.Contains(t.Item.Provider))
            .Select(t => new FieldError(
                $"targets[{t.Index}].provider",
                $"must name a provider that there is: {string.Join(", ", providers)}"
            ))
            .ToList();
        if (unknown.Count > 0)
        {
            return ConfigChangeResult.Invalid(unknown);
        }

        foreach (var other in config.Routes.Routes.Where(r => r.Name != route.Name))
        {
            if (route.Names.Intersect(other.Names).FirstOrDefault() is { } taken)
            {
                return ConfigChangeResult.Conflict($"The name {taken} belongs to the route {other.Name}.");
            }
        }

        return null;
    }

    /// <summary>A price of one provider needs one that there is, or that there will be once it has its key.</summary>
    public static ConfigChangeResult? OfPrice(GatewayConfig config, PriceKey key)
    {
        var providers = config
            .Routes.Providers.Select(p => p.Name)
            .Union(Provider.KindsWithDefaultUrl.Select(Provider.GetName))
            .Order(StringComparer.Ordinal)
            .ToList();
        return key.Provider is null || providers.Contains(key.Provider)
            ? null
            : ConfigChangeResult.Invalid(
                new FieldError("provider", $"must name a provider that there is: {string.Join(", ", providers)}")
            );
    }

    /// <summary>A provider with a key from configuration stays at the address that configuration gives it, so that the key goes nowhere else.</summary>
    public static ConfigChangeResult? OfProvider(FileConfig start, Provider provider)
    {
        if (provider.Name == Provider.Mock.Name)
        {
            return ConfigChangeResult.Conflict("The provider mock is built in.");
        }

        var configured = start.Providers.FirstOrDefault(p =>
            p.Name.Equals(provider.Name, StringComparison.OrdinalIgnoreCase)
        );
        return
            start.Keyed.Contains(provider.Name)
            && configured?.Address is { } home
            && provider.Address is { } address
            && !IsSameOrigin(home, address)
            ? ConfigChangeResult.Invalid(
                new FieldError(
                    "baseUrl",
                    $"must be at {home.GetLeftPart(UriPartial.Authority)}: the configured key of {provider.Name} is sent nowhere else"
                )
            )
            : null;
    }

    /// <summary>A provider that a route uses cannot go.</summary>
    public static ConfigChangeResult? OfRemoval(FileConfig start, GatewayConfig config, string provider)
    {
        var users = config
            .Routes.Routes.Where(r => r.Targets.Any(t => t.Provider == provider))
            .Select(r => r.Name)
            .ToList();
        return users.Count > 0 && !start.Providers.Any(p => p.Name == provider)
            ? ConfigChangeResult.Conflict(
                $"The provider {provider} is a target of {string.Join(", ", users.Take(10))}; change or delete {(users.Count == 1 ? "that route" : "those routes")} first."
            )
            : null;
    }

    private static bool IsSameOrigin(Uri a, Uri b) =>
        Uri.Compare(a, b, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase)
        == 0;
}
