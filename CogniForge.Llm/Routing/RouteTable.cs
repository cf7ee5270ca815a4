using System.Text.RegularExpressions;

namespace CogniForge.Llm.Routing;

/// <summary>
/// Resolves a model name to a route, in this order: a route or alias of that name; the wildcard route with the most
/// literal characters; <c>provider/model</c>; the provider known for such names. Immutable.
/// </summary>
internal sealed class RouteTable
{
    // Clients can send any number of made-up names; they must not fill the memory.
    private const int MaxCached = 10_000;

    private readonly Dictionary<string, Provider> _providers;
    private readonly Timeouts _timeouts;
    private readonly Dictionary<string, ModelRoute> _byName = new(StringComparer.Ordinal);
    private readonly List<(int Literals, Regex Pattern, ModelRoute Route)> _wildcards = [];
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, ResolvedRoute?> _resolved = new(
        StringComparer.Ordinal
    );

    /// <summary>Creates the table; of several routes with the same name the last wins.</summary>
    public RouteTable(
        IEnumerable<Provider> providers,
        IEnumerable<ModelRoute> routes,
        bool hasMock = true,
        TimeoutOverrides? timeouts = null
    )
    {
        _timeouts = Timeouts.Default.Override(timeouts);
        _providers = providers
            .Concat(hasMock ? [Provider.Mock] : [])
            .GroupBy(p => p.Name, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        Routes = [.. routes];
        foreach (var route in Routes)
        {
            foreach (var name in route.Names)
            {
                if (name.Contains('*', StringComparison.Ordinal))
                {
                    _wildcards.Add((name.Count(c => c != '*'), ToRegex(name), route));
                }
                else
                {
                    _byName[name] = route;
                }
            }
        }

        _wildcards.Sort((a, b) => b.Literals.CompareTo(a.Literals));
    }

    /// <summary>All routes, in their original order.</summary>
    public IReadOnlyList<ModelRoute> Routes { get; }

    /// <summary>All providers, including the mock if it exists.</summary>
    public IReadOnlyCollection<Provider> Providers => _providers.Values;

    public IReadOnlyCollection<string> ProviderNames => _providers.Keys;

    /// <summary>Finds the route of a model name; null: no provider serves it.</summary>
    public ResolvedRoute? Resolve(string model)
    {
        if (_resolved.TryGetValue(model, out var known))
        {
            return known;
        }

        var found = Find(model);
        if (_resolved.Count < MaxCached)
        {
            _resolved[model] = found;
        }

        return found;
    }

    /// <summary>
    /// Finds the provider that would serve a model if its API key were configured; null: none is known, or it exists.
    /// </summary>
    public string? FindMissingProvider(string model)
    {
        // OpenRouter only by its prefix: any other vendor/model may also contain a mistyped provider name.
        var profile = ProviderProfiles.All.FirstOrDefault(p =>
            p.DefaultUrl is not null
            && (
                model.StartsWith($"{p.ProviderName}/", StringComparison.Ordinal)
                || (p.Kind != ProviderKind.OpenRouter && ProviderProfiles.FindByModel(model).Contains(p))
            )
        );
        return profile is not null && FindProvider(profile) is null ? profile.ProviderName : null;
    }

    /// <summary>The timeouts of a provider without a route: its own, then the service's.</summary>
    public Timeouts GetTimeouts(Provider provider) => _timeouts.Override(provider.Timeouts);

    /// <summary>
    /// Finds the route of a model name like <see cref="Resolve(string)"/>, but remembers nothing: for long lists of
    /// names.
    /// </summary>
    public ResolvedRoute? Find(string model)
    {
        if (_byName.TryGetValue(model, out var named))
        {
            return Resolve(named, model);
        }

        foreach (var (_, pattern, route) in _wildcards)
        {
            if (pattern.Match(model) is { Success: true } match)
            {
                return Resolve(route, model, match.Groups[1].Value);
            }
        }

        return FindDirect(model) is { } target ? Resolve(new ModelRoute(model, [target]), model) : null;
    }

    private Target? FindDirect(string model)
    {
        if (model.Split('/', 2) is [var provider, { Length: > 0 } name] && _providers.ContainsKey(provider))
        {
            return new(provider, name);
        }

        return ProviderProfiles.FindByModel(model).Select(FindProvider).FirstOrDefault(p => p is not null) is { } known
            ? new(known.Name, model)
            : null;
    }

    /// <summary>Prefers the provider named like its profile, then the first by name.</summary>
    private Provider? FindProvider(ProviderProfile profile) =>
        _providers
            .Values.Where(p => p.Profile.Name == profile.Name)
            .OrderBy(p => !p.Name.Equals(profile.ProviderName, StringComparison.OrdinalIgnoreCase))
            .ThenBy(p => p.Name, StringComparer.Ordinal)
            .FirstOrDefault();

    private ResolvedRoute? Resolve(ModelRoute route, string model, string star = "")
    {
        var targets = route
            .Targets.Select(
                (t, index) =>
                    _providers.TryGetValue(t.Provider, out var provider)
                        ? new ResolvedTarget(provider, GetModel(t), t.Order ?? index, t.Weight)
                        {
                            Timeouts = GetTimeouts(provider).Override(route.Timeouts),
                        }
                        : null
            )
            .OfType<ResolvedTarget>()
            .ToList();
        return targets.Count > 0 ? new(route, targets) : null;

        string GetModel(Target target) =>
            target.Model.Replace("*", target.Model == "*" || star.Length == 0 ? model : star, StringComparison.Ordinal);
    }

    private static Regex ToRegex(string name) =>
        new(
            $"^{Regex.Escape(name).Replace("\\*", "(.*)", StringComparison.Ordinal)}\\z",
            RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
        );
}
