using System.Text.Json;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>
/// Merges the configuration of the process with the entries of the admin API: of the same name, the API's entry wins.
/// </summary>
internal sealed partial class ConfigMerger(StartupConfig file, ILogger<ConfigMerger> logger)
{
    public StartupConfig File => file;

    /// <summary>Merges the entries; logs and skips invalid ones, so that the others still take effect.</summary>
    public GatewayConfig Merge(IReadOnlyList<ConfigEntry> entries)
    {
        var providers = Read<ProviderConfig, Provider>(
            entries,
            ConfigKinds.Provider,
            (name, d) => ConfigReferenceValidator.ValidateProvider(name, d, file),
            (name, d) => d.ToProvider(name, ConfigOrigin.Api)
        );
        var routes = Read<RouteConfig, ModelRoute>(
            entries,
            ConfigKinds.Route,
            (name, d) => d.Validate(name),
            (name, d) => d.ToRoute(name, ConfigOrigin.Api)
        );
        var prices = Read<PriceConfig, Price>(
            entries,
            ConfigKinds.Price,
            (name, d) =>
                PriceKey.Parse(name) is { } key
                    ? ConfigReferenceValidator.ValidatePrice(key, d)
                    : [new("name", "must be day/provider/model")],
            (name, d) => d.ToPrice(PriceKey.Parse(name)!, ConfigOrigin.Api)
        );
        var projects = Read<ProjectConfig, Project>(
            entries,
            ConfigKinds.Project,
            (name, d) => d.Validate(name),
            (name, d) => d.ToProject(name, ConfigOrigin.Api)
        );
        var table = new RouteTable(
            Override(file.Providers, providers, p => p.Name),
            Override(file.Routes, routes, r => r.Name),
            file.HasMock,
            file.Timeouts
        );
        return new(
            table,
            new PriceTable(
                Override(file.Prices, prices, PriceKey.For),
                table.Providers.ToDictionary(p => p.Name, p => p.Profile.ProviderName)
            ),
            new ProjectTable(Override(file.Projects, projects, p => p.Name))
        );
    }

    private static IEnumerable<T> Override<T, TKey>(IEnumerable<T> ofFile, IReadOnlyList<T> ofApi, Func<T, TKey> getKey)
        where TKey : notnull
    {
        var keys = ofApi.Select(getKey).ToHashSet();
        return ofFile.Where(s => !keys.Contains(getKey(s))).Concat(ofApi);
    }

    private List<T> Read<TDocument, T>(
        IEnumerable<ConfigEntry> entries,
        string kind,
        Func<string, TDocument, IEnumerable<FieldError>> validate,
        Func<string, TDocument, T> create
    )
    {
        var created = new List<T>();
        foreach (var entry in entries.Where(e => e.Kind == kind))
        {
            string reason;
            try
            {
                var document = ConfigJson.Read<TDocument>(entry.Document);
                var errors = validate(entry.Name, document).ToList();
                if (errors.Count == 0)
                {
                    created.Add(create(entry.Name, document));
                    continue;
                }

                reason = string.Join("; ", errors.Select(e => $"{e.Path} {e.Rule}"));
            }
            catch (JsonException e)
            {
                reason = $"{e.Path} has the wrong type";
            }

            Log.Skipped(logger, kind, entry.Name, reason);
        }

        return created;
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.ConfigEntryInvalid,
            LogLevel.Error,
            "The {Kind} {Name} in the database is not valid and has no effect: {Reason}"
        )]
        public static partial void Skipped(ILogger logger, string kind, string name, string reason);
    }
}
