using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.Llm.Configuration;

/// <summary>Changes what is set up by API. What depends on other settings is checked against them while nobody else can change them.</summary>
internal sealed partial class ChangeSettings(ISettingStore store, SettingsComposer composer, SettingsLoader loader, ILogger<ChangeSettings> logger)
{
    /// <summary>The most settings of one kind: all of them are in memory, and on one page of a list.</summary>
    public const int MaxOfKind = 1_000;

    /// <summary>Sets up a route.</summary>
    public Task<ChangeResult> PutRouteAsync(string name, RouteDocument document, string caller, CancellationToken cancellationToken) =>
        PutAsync(SettingKinds.Route, name, document, [.. document.Check(name)], settings => SettingRules.OfRoute(settings, document.ToRoute(name)), caller, cancellationToken);

    /// <summary>Removes a route; one of configuration that it stood in for is back.</summary>
    public Task<ChangeResult> DeleteRouteAsync(string name, string caller, CancellationToken cancellationToken) =>
        DeleteAsync(SettingKinds.Route, name, settings => settings.Routes.Routes.FirstOrDefault(r => r.Name == name)?.Origin, null, caller, cancellationToken);

    /// <summary>Sets up a provider.</summary>
    public Task<ChangeResult> PutProviderAsync(string name, ProviderDocument document, string caller, CancellationToken cancellationToken) =>
        PutAsync(SettingKinds.Provider, name, document, [.. document.Check(name)], _ => SettingRules.OfProvider(composer.Start, document.ToProvider(name)), caller, cancellationToken);

    /// <summary>Removes a provider; one of configuration that it stood in for is back.</summary>
    public Task<ChangeResult> DeleteProviderAsync(string name, string caller, CancellationToken cancellationToken) =>
        DeleteAsync(SettingKinds.Provider, name, settings => settings.Routes.Providers.FirstOrDefault(p => p.Name == name)?.Origin,
            settings => SettingRules.OfRemoval(composer.Start, settings, name), caller, cancellationToken);

    /// <summary>Sets a price.</summary>
    public Task<ChangeResult> PutPriceAsync(PriceKey key, PriceDocument document, string caller, CancellationToken cancellationToken) =>
        PutAsync(SettingKinds.Price, key.ToString(), document, [.. key.Check(), .. document.Check()], settings => SettingRules.OfPrice(settings, key), caller, cancellationToken);

    /// <summary>Removes a price; a built-in one that it stood in for is back.</summary>
    public Task<ChangeResult> DeletePriceAsync(PriceKey key, string caller, CancellationToken cancellationToken) =>
        DeleteAsync(SettingKinds.Price, key.ToString(), settings => settings.Prices.Prices.FirstOrDefault(p => PriceKey.Of(p) == key)?.Origin, null, caller, cancellationToken);

    private async Task<ChangeResult> PutAsync<TDocument>(
        string kind, string name, TDocument document, IReadOnlyList<CogniForge.ServiceDefaults.Errors.FieldError> errors, Func<GatewaySettings, ChangeResult?> check, string caller, CancellationToken cancellationToken)
    {
        if (errors.Count > 0)
        {
            return ChangeResult.Invalid(errors);
        }

        return await ChangeAsync(new(kind, name, SettingJson.Write(document)), all =>
        {
            var exists = all.Any(s => s.Kind == kind && s.Name == name);
            return check(composer.Compose(all))
                ?? (!exists && all.Count(s => s.Kind == kind) >= MaxOfKind ? ChangeResult.Conflict($"There are {MaxOfKind} settings of this kind already, which is the most; delete one first.") : null)
                ?? ChangeResult.Done(exists ? ChangeStatus.Replaced : ChangeStatus.Created);
        }, caller, cancellationToken);
    }

    private Task<ChangeResult> DeleteAsync(
        string kind, string name, Func<GatewaySettings, Origin?> originOf, Func<GatewaySettings, ChangeResult?>? check, string caller, CancellationToken cancellationToken) =>
        ChangeAsync(new(kind, name, null), all =>
        {
            // What is set up can be removed even when it is not valid, and so has no effect.
            var settings = composer.Compose(all);
            return all.Any(s => s.Kind == kind && s.Name == name) ? check?.Invoke(settings) ?? ChangeResult.Done(ChangeStatus.Removed) : originOf(settings) switch
            {
                null => ChangeResult.NotFound($"There is no {kind} {name}."),
                Origin.Configuration => ChangeResult.Conflict($"The {kind} {name} comes from configuration and can only be removed there."),
                _ => ChangeResult.Conflict($"The {kind} {name} is built in; set up another of the same name instead."),
            };
        }, caller, cancellationToken);

    private async Task<ChangeResult> ChangeAsync(SettingChange change, Func<IReadOnlyList<Setting>, ChangeResult> decide, string caller, CancellationToken cancellationToken)
    {
        ChangeResult? result = null;
        await store.ChangeAsync(all => (result = decide(all)).IsDone ? change : null, cancellationToken);
        if (result!.IsDone)
        {
            Log.Changed(logger, change.Kind, change.Name, result.Status, caller);
            try
            {
                await loader.ReloadAsync(cancellationToken);
            }
            catch (Exception e) when (Availability.IsOutage(e))
            {
                // It is changed; this replica hears of it as the others do.
            }
        }

        return result;
    }

    private static partial class Log
    {
        [LoggerMessage(1011, LogLevel.Information, "The {Kind} {Name} was {Change} by key {Caller}")]
        public static partial void Changed(ILogger logger, string kind, string name, ChangeStatus change, string caller);
    }
}
