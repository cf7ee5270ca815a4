using System.Text.Json;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>Makes the gateway's settings of what the process starts with and what the admin API has set up: of the same name, the API's wins.</summary>
internal sealed partial class ConfigMerger(FileConfig start, ILogger<ConfigMerger> logger)
{
    /// <summary>What the process starts with.</summary>
    public FileConfig Start => start;

    /// <summary>Composes the settings. A document that is not valid is logged and left out: the others must not suffer from it.</summary>
    public GatewayConfig Compose(IReadOnlyList<ConfigEntry> settings)
    {
        var providers = Read<ProviderConfig, Provider>(
            settings,
            ConfigKinds.Provider,
            (name, d) => d.Validate(name),
            (name, d) => d.ToProvider(name)
        );
        var routes = Read<RouteConfig, ModelRoute>(
            settings,
            ConfigKinds.Route,
            (name, d) => d.Validate(name),
            (name, d) => d.ToRoute(name)
        );
        var prices = Read<PriceConfig, Price>(
            settings,
            ConfigKinds.Price,
            (name, d) =>
                (PriceKey.Parse(name)?.Check() ?? [new("name", "must be day/provider/model")]).Concat(d.Validate()),
            (name, d) => d.ToPrice(PriceKey.Parse(name)!, ConfigOrigin.Api)
        );
        return new(
            new RouteTable(Merge(start.Providers, providers, p => p.Name), Merge(start.Routes, routes, r => r.Name)),
            new PriceTable(Merge(start.Prices, prices, PriceKey.For))
        );
    }

    private static IEnumerable<T> Merge<T, TKey>(IEnumerable<T> start, IReadOnlyList<T> set, Func<T, TKey> key)
        where TKey : notnull
    {
        var names = set.Select(key).ToHashSet();
        return start.Where(s => !names.Contains(key(s))).Concat(set);
    }

    private List<T> Read<TDocument, T>(
        IEnumerable<ConfigEntry> settings,
        string kind,
        Func<string, TDocument, IEnumerable<FieldError>> check,
        Func<string, TDocument, T> make
    )
    {
        var made = new List<T>();
        foreach (var setting in settings.Where(s => s.Kind == kind))
        {
            string broken;
            try
            {
                var document = ConfigJson.Read<TDocument>(setting.Document);
                var errors = check(setting.Name, document).ToList();
                if (errors.Count == 0)
                {
                    made.Add(make(setting.Name, document));
                    continue;
                }

                broken = string.Join("; ", errors.Select(e => $"{e.Path} {e.Rule}"));
            }
            catch (JsonException e)
            {
                broken = $"{e.Path} is no value of its type";
            }

            Log.Skipped(logger, kind, setting.Name, broken);
        }

        return made;
    }

    private static partial class Log
    {
        [LoggerMessage(
            1010,
            LogLevel.Error,
            "The {Kind} {Name} in the database is not valid and has no effect: {Broken}"
        )]
        public static partial void Skipped(ILogger logger, string kind, string name, string broken);
    }
}
