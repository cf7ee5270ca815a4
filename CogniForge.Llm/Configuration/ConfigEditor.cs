using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.Llm.Configuration;

/// <summary>Changes what is set up by API. What depends on other settings is checked against them while nobody else can change them.</summary>
internal sealed partial class ConfigEditor(
    IConfigStore store,
    ConfigMerger composer,
    ConfigReloader loader,
    ILogger<ConfigEditor> logger
)
{
    /// <summary>The most settings of one kind: all of them are in memory, and on one page of a list.</summary>
    public const int MaxOfKind = 1_000;

    /// <summary>Sets up a route.</summary>
    public Task<ConfigChangeResult> PutRouteAsync(
        string name,
        RouteConfig document,
        string caller,
        CancellationToken cancellationToken
    ) =>
        PutAsync(
            ConfigKinds.Route,
            name,
            document,
            [.. document.Validate(name)],
            config => ConfigRules.OfRoute(config, document.ToRoute(name)),
            caller,
            cancellationToken
        );

    /// <summary>Removes a route; one of configuration that it stood in for is back.</summary>
    public Task<ConfigChangeResult> DeleteRouteAsync(string name, string caller, CancellationToken cancellationToken) =>
        DeleteAsync(
            ConfigKinds.Route,
            name,
            config => config.Routes.Routes.FirstOrDefault(r => r.Name == name)?.Origin,
            null,
            caller,
            cancellationToken
        );

    /// <summary>Sets up a provider.</summary>
    public Task<ConfigChangeResult> PutProviderAsync(
        string name,
        ProviderConfig document,
        string caller,
        CancellationToken cancellationToken
    ) =>
        PutAsync(
            ConfigKinds.Provider,
            name,
            document,
            [.. document.Validate(name)],
            _ => ConfigRules.OfProvider(composer.Start, document.ToProvider(name)),
            caller,
            cancellationToken
        );

    /// <summary>Removes a provider; one of configuration that it stood in for is back.</summary>
    public Task<ConfigChangeResult> DeleteProviderAsync(
        string name,
        string caller,
        CancellationToken cancellationToken
    ) =>
        DeleteAsync(
            ConfigKinds.Provider,
            name,
            config => config.Routes.Providers.FirstOrDefault(p => p.Name == name)?.Origin,
            config => ConfigRules.OfRemoval(composer.Start, config, name),
            caller,
            cancellationToken
        );

    /// <summary>Sets a price.</summary>
    public Task<ConfigChangeResult> PutPriceAsync(
        PriceKey key,
        PriceConfig document,
        string caller,
        CancellationToken cancellationToken
    ) =>
        PutAsync(
            ConfigKinds.Price,
            key.ToString(),
            document,
            [.. key.Check(), .. document.Validate()],
            config => ConfigRules.OfPrice(config, key),
            caller,
            cancellationToken
        );

    /// <summary>Removes a price; a built-in one that it stood in for is back.</summary>
    public Task<ConfigChangeResult> DeletePriceAsync(
        PriceKey key,
        string caller,
        CancellationToken cancellationToken
    ) =>
        DeleteAsync(
            ConfigKinds.Price,
            key.ToString(),
            config => config.Prices.Prices.FirstOrDefault(p => PriceKey.For(p) == key)?.Origin,
            null,
            caller,
            cancellationToken
        );

    private async Task<ConfigChangeResult> PutAsync<TDocument>(
        string kind,
        string name,
        TDocument document,
        IReadOnlyList<CogniForge.ServiceDefaults.Errors.FieldError> errors,
        Func<GatewayConfig, ConfigChangeResult?> check,
        string caller,
        CancellationToken cancellationToken
    )
    {
        if (errors.Count > 0)
        {
            return ConfigChangeResult.Invalid(errors);
        }

        return await ChangeAsync(
            new(kind, name, ConfigJson.Write(document)),
            all =>
            {
                var exists = all.Any(s => s.Kind == kind && s.Name == name);
                return check(composer.Compose(all))
                    ?? (
                        !exists && all.Count(s => s.Kind == kind) >= MaxOfKind
                            ? ConfigChangeResult.Conflict(
                                $"There are {MaxOfKind} settings of this kind already, which is the most; delete one first."
                            )
                            : null
                    )
                    ?? ConfigChangeResult.Done(exists ? ConfigChangeStatus.Replaced : ConfigChangeStatus.Created);
            },
            caller,
            cancellationToken
        );
    }

    private Task<ConfigChangeResult> DeleteAsync(
        string kind,
        string name,
        Func<GatewayConfig, ConfigOrigin?> originOf,
        Func<GatewayConfig, ConfigChangeResult?>? check,
        string caller,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            new(kind, name, null),
            all =>
            {
                // What is set up can be removed even when it is not valid, and so has no effect.
                var config = composer.Compose(all);
                return all.Any(s => s.Kind == kind && s.Name == name)
                    ? check?.Invoke(config) ?? ConfigChangeResult.Done(ConfigChangeStatus.Removed)
                    : originOf(config) switch
                    {
                        null => ConfigChangeResult.NotFound($"There is no {kind} {name}."),
                        ConfigOrigin.Configuration => ConfigChangeResult.Conflict(
                            $"The {kind} {name} comes from configuration and can only be removed there."
                        ),
                        _ => ConfigChangeResult.Conflict(
                            $"The {kind} {name} is built in; set up another of the same name instead."
                        ),
                    };
            },
            caller,
            cancellationToken
        );

    private async Task<ConfigChangeResult> ChangeAsync(
        ConfigChange change,
        Func<IReadOnlyList<ConfigEntry>, ConfigChangeResult> decide,
        string caller,
        CancellationToken cancellationToken
    )
    {
        ConfigChangeResult? result = null;
        await store.ChangeAsync(all => (result = decide(all)).IsDone ? change : null, cancellationToken);
        if (result!.IsDone)
        {
            Log.Changed(logger, change.Kind, change.Name, result.Status, caller);
            try
            {
                await loader.ReloadAsync(cancellationToken);
            }
            catch (Exception e) when (TransientFaults.IsOutage(e))
            {
                // It is changed; this replica hears of it as the others do.
            }
        }

        return result;
    }

    private static partial class Log
    {
        [LoggerMessage(1011, LogLevel.Information, "The {Kind} {Name} was {Change} by key {Caller}")]
        public static partial void Changed(
            ILogger logger,
            string kind,
            string name,
            ConfigChangeStatus change,
            string caller
        );
    }
}
