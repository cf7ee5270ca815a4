using CogniForge.Llm.Limits;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Providers;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>
/// Reads the sections <c>Providers</c>, <c>Routes</c>, <c>Projects</c> and <c>Timeouts</c>, and the built-in prices.
/// </summary>
internal static class StartupConfigReader
{
    /// <exception cref="InvalidConfigException">The configuration breaks a rule.</exception>
    public static StartupConfig Read(IConfiguration configuration, bool hasMock)
    {
        var errors = new List<string>();
        var sections = configuration.GetSection("Providers").GetChildren().ToList();
        List<Provider> providers =
        [
            .. sections.Select(s => ReadProvider(s, configuration, hasMock, errors)).OfType<Provider>(),
        ];

        // Providers with a default URL are known even without their API keys, which may come later.
        string[] names =
        [
            .. ProviderProfiles
                .NamesWithDefaultUrl.Concat(hasMock ? [Provider.Mock.Name] : [])
                .Union(sections.Select(GetName)),
        ];
        var routes = ReadRoutes(configuration.GetSection("Routes"), names, errors);
        var timeouts = ReadTimeouts(configuration.GetSection("Timeouts"), errors);
        var projects = ReadProjects(configuration.GetSection("Projects"), errors);
        return errors.Count == 0
            ? new(
                providers,
                sections.Where(ProviderApiKeys.HasKey).Select(GetName).ToHashSet(StringComparer.Ordinal),
                routes,
                projects,
                BuiltInPrices.Read(),
                timeouts,
                hasMock
            )
            : throw new InvalidConfigException(errors);
    }

    /// <summary>Reads a provider; null: it has errors, or lacks its API key or its address.</summary>
    private static Provider? ReadProvider(
        IConfigurationSection section,
        IConfiguration configuration,
        bool hasMock,
        List<string> errors
    )
    {
        var name = GetName(section);
        if (ProviderApiKeys.IsEmpty(section))
        {
            return null; // a deployment passes the variables of all keys, set or not
        }

        var reader = new ConfigSectionReader();
        var config = reader.Read<ProviderConfig>(
            section.GetChildren().Where(s => !ProviderApiKeys.IsKey(s) && !ProviderConnections.IsProxy(s))
        );
        if (config.Kind is null && ProviderProfiles.Find(name) is null)
        {
            if (config.BaseUrl is null)
            {
                errors.Add($"{section.Path}: needs a BaseUrl, or a name of a known provider: {ProviderProfiles.Names}");
                return null;
            }

            config = config with { Kind = nameof(ProviderKind.OpenAICompatible) };
        }

        var broken = ConfigReferenceValidator
            .ValidateProvider(name, config, hasMock)
            .Concat(ProviderConnections.Validate(section, configuration));
        if (
            AddErrors(section.Path, reader.Errors, broken, errors)
            || AddConflict(section.Path, ConfigReferenceValidator.FindConflict(name), errors)
        )
        {
            return null;
        }

        // Most default URLs are of no use without an API key.
        var provider = config.ToProvider(name, ConfigOrigin.Configuration);
        return provider.BaseUrl is not null || !provider.Profile.NeedsKey || ProviderApiKeys.HasKey(section)
            ? provider
            : null;
    }

    private static TimeoutOverrides ReadTimeouts(IConfigurationSection section, List<string> errors)
    {
        var reader = new ConfigSectionReader();
        var config = reader.Read<TimeoutsConfig>(section.GetChildren());
        AddErrors(section.Path, reader.Errors, config.Validate(""), errors);
        return config.ToTimeouts();
    }

    private static List<ModelRoute> ReadRoutes(IConfigurationSection section, string[] providers, List<string> errors)
    {
        var routes = new List<ModelRoute>();
        foreach (var route in section.GetChildren())
        {
            var reader = new ConfigSectionReader();
            var config = reader.Read<RouteConfig>(route.GetChildren());
            var broken = ConfigReferenceValidator.ValidateRoute(route.Key, config, providers);
            if (!AddErrors(route.Path, reader.Errors, broken, errors))
            {
                var read = config.ToRoute(route.Key, ConfigOrigin.Configuration);
                AddConflict(route.Path, ConfigReferenceValidator.FindConflict(read, routes), errors);
                routes.Add(read);
            }
        }

        return routes;
    }

    private static List<Project> ReadProjects(IConfigurationSection section, List<string> errors)
    {
        var projects = new List<Project>();
        foreach (var project in section.GetChildren())
        {
            var name = GetName(project);
            var reader = new ConfigSectionReader();
            var config = reader.Read<ProjectConfig>(project.GetChildren());
            if (!AddErrors(project.Path, reader.Errors, config.Validate(name), errors))
            {
                projects.Add(config.ToProject(name, ConfigOrigin.Configuration));
            }
        }

        return projects;
    }

    private static bool AddErrors(
        string path,
        IReadOnlyList<FieldError> unreadable,
        IEnumerable<FieldError> broken,
        List<string> errors
    )
    {
        List<FieldError> all = [.. unreadable, .. broken.Where(b => unreadable.All(u => u.Path != b.Path))];
        errors.AddRange(all.Select(e => $"{path}:{e.Path} {e.Rule}"));
        return all.Count > 0;
    }

    private static bool AddConflict(string path, string? conflict, List<string> errors)
    {
        if (conflict is not null)
        {
            errors.Add($"{path}: {conflict}");
        }

        return conflict is not null;
    }

    // Names of settings ignore case, and environment variables often are in upper case.
    private static string GetName(IConfigurationSection section) => section.Key.ToLowerInvariant();
}
