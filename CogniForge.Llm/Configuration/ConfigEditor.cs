using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.Llm.Configuration;

/// <summary>
/// Changes the routes, providers, prices and projects of the admin API. Each change is validated against all others
/// under a lock.
/// </summary>
internal sealed partial class ConfigEditor(
    IConfigStore store,
    ConfigMerger merger,
    ConfigReloader reloader,
    ILogger<ConfigEditor> logger
)
{
    /// <summary>The maximum number of entries of one kind: all are in memory and on one page of a list.</summary>
    public const int MaxOfKind = 1_000;

    public Task<ConfigChangeResult> PutRouteAsync(
        string name,
        RouteConfig route,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        PutAsync(
            ConfigKinds.Route,
            name,
            route,
            config => ConfigReferenceValidator.ValidateRoute(name, route, config.Routes.ProviderNames),
            config =>
                ConfigReferenceValidator.FindConflict(route.ToRoute(name, ConfigOrigin.Api), config.Routes.Routes),
            request,
            cancellationToken
        );

    /// <summary>Deletes a route; a route of the configuration with its name takes effect again.</summary>
    public Task<ConfigChangeResult> DeleteRouteAsync(
        string name,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        DeleteAsync(
            ConfigKinds.Route,
            name,
            config => config.Routes.Routes.FirstOrDefault(r => r.Name == name)?.Origin,
            _ => null,
            request,
            cancellationToken
        );

    public Task<ConfigChangeResult> PutProviderAsync(
        string name,
        ProviderConfig provider,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        PutAsync(
            ConfigKinds.Provider,
            name,
            provider,
            _ => ConfigReferenceValidator.ValidateProvider(name, provider, merger.File),
            _ => ConfigReferenceValidator.FindConflict(name),
            request,
            cancellationToken
        );

    /// <summary>Deletes a provider; a provider of the configuration with its name takes effect again.</summary>
    public Task<ConfigChangeResult> DeleteProviderAsync(
        string name,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        DeleteAsync(
            ConfigKinds.Provider,
            name,
            config => config.Routes.Providers.FirstOrDefault(p => p.Name == name)?.Origin,
            config =>
                merger.File.Providers.Any(p => p.Name == name)
                    ? null
                    : ConfigReferenceValidator.FindUse(name, config.Routes.Routes),
            request,
            cancellationToken
        );

    public Task<ConfigChangeResult> PutPriceAsync(
        PriceKey key,
        PriceConfig price,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        PutAsync(
            ConfigKinds.Price,
            key.ToString(),
            price,
            config => ConfigReferenceValidator.ValidatePrice(key, price, config.Routes.ProviderNames),
            _ => null,
            request,
            cancellationToken
        );

    /// <summary>Deletes a price; a built-in price with its key takes effect again.</summary>
    public Task<ConfigChangeResult> DeletePriceAsync(
        PriceKey key,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        DeleteAsync(
            ConfigKinds.Price,
            key.ToString(),
            config => config.Prices.Prices.FirstOrDefault(p => PriceKey.For(p) == key)?.Origin,
            _ => null,
            request,
            cancellationToken,
            key.Describe()
        );

    public Task<ConfigChangeResult> PutProjectAsync(
        string name,
        ProjectConfig project,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        PutAsync(
            ConfigKinds.Project,
            name,
            project,
            _ => project.Validate(name),
            _ => null,
            request,
            cancellationToken
        );

    /// <summary>Deletes a project; a project of the configuration with its name takes effect again.</summary>
    public Task<ConfigChangeResult> DeleteProjectAsync(
        string name,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        DeleteAsync(
            ConfigKinds.Project,
            name,
            config => config.Projects.Find(name)?.Origin,
            _ => null,
            request,
            cancellationToken
        );

    private Task<ConfigChangeResult> PutAsync<TDocument>(
        string kind,
        string name,
        TDocument document,
        Func<GatewayConfig, IEnumerable<FieldError>> validate,
        Func<GatewayConfig, string?> findConflict,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            kind,
            name,
            () => ConfigJson.Write(document),
            all =>
            {
                var config = merger.Merge(all);
                if (FieldErrors.From(validate(config)) is { Count: > 0 } errors)
                {
                    return ConfigChangeResult.Invalid(errors);
                }

                var exists = all.Any(e => e.Kind == kind && e.Name == name);
                var conflict =
                    findConflict(config)
                    ?? (
                        exists || all.Count(e => e.Kind == kind) < MaxOfKind
                            ? null
                            : $"The limit of {MaxOfKind} {kind}s is reached; delete one first."
                    );
                return conflict is not null
                    ? ConfigChangeResult.Conflict(conflict)
                    : ConfigChangeResult.Done(exists ? ConfigChangeStatus.Replaced : ConfigChangeStatus.Created);
            },
            request,
            cancellationToken
        );

    private Task<ConfigChangeResult> DeleteAsync(
        string kind,
        string name,
        Func<GatewayConfig, ConfigOrigin?> getOrigin,
        Func<GatewayConfig, string?> findConflict,
        AuditedRequest request,
        CancellationToken cancellationToken,
        string? description = null
    ) =>
        ChangeAsync(
            kind,
            name,
            () => null,
            all =>
            {
                // An invalid entry has no effect, but can be deleted.
                var config = merger.Merge(all);
                if (all.Any(e => e.Kind == kind && e.Name == name))
                {
                    return findConflict(config) is { } conflict
                        ? ConfigChangeResult.Conflict(conflict)
                        : ConfigChangeResult.Done(ConfigChangeStatus.Removed);
                }

                return getOrigin(config) switch
                {
                    null => ConfigChangeResult.NotFound($"There is no {kind} {description ?? name}."),
                    ConfigOrigin.Configuration => ConfigChangeResult.Conflict(
                        $"The {kind} {description ?? name} is part of the configuration "
                            + "and can only be deleted there."
                    ),
                    _ => ConfigChangeResult.Conflict(
                        $"The {kind} {description ?? name} is built in and cannot be deleted."
                    ),
                };
            },
            request,
            cancellationToken
        );

    private async Task<ConfigChangeResult> ChangeAsync(
        string kind,
        string name,
        Func<string?> getDocument,
        Func<IReadOnlyList<ConfigEntry>, ConfigChangeResult> decide,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        ConfigChangeResult? result = null;
        await store.ChangeAsync(
            all => (result = decide(all)).IsDone ? new ConfigChange(kind, name, getDocument()) : null,
            request,
            cancellationToken
        );
        if (result!.IsDone)
        {
            Log.Changed(logger, kind, name, result.Status, request.Actor.Id);
            try
            {
                await reloader.ReloadAsync(cancellationToken);
            }
            catch (Exception e) when (TransientFaults.IsOutage(e))
            {
                // The change is stored; this replica loads it as the others do.
            }
        }

        return result;
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ConfigChanged, LogLevel.Information, "The {Kind} {Name} was {Change} by key {Caller}")]
        public static partial void Changed(
            ILogger logger,
            string kind,
            string name,
            ConfigChangeStatus change,
            string caller
        );
    }
}
