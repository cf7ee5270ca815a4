using System.Text.RegularExpressions;

namespace CogniForge.Llm.Routing;

/// <summary>
/// Finds the route of a model's name: a route or alias of that name; the wildcard route with the most letters; <c>provider/model</c>; the provider that is known for such names.
/// Immutable: a change makes a new one.
/// </summary>
internal sealed class RouteTable
{
    // Cheap and bounded: names that clients made up must not fill the memory.
    private const int MaxCached = 10_000;

    private readonly Dictionary<string, Provider> _providers;
    private readonly Dictionary<string, ModelRoute> _named = new(StringComparer.Ordinal);
    private readonly List<(int Letters, Regex Pattern, ModelRoute Route)> _wildcards = [];
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, ResolvedRoute?> _resolved = new(
        StringComparer.Ordinal
    );

    /// <summary>Builds the table. Where names collide, the later route wins.</summary>
    public RouteTable(IEnumerable<Provider> providers, IEnumerable<ModelRoute> routes)
    {
        _providers = providers
            .Append(Provider.Mock)
            .GroupBy(p => p.Name, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        Routes = [.. routes];
        foreach (var route in Routes)
        {
            foreach (var name in route.Names)
            {
                if (name.Contains('*', StringComparison.Ordinal))
                {
                    _wildcards.Add((name.Count(c => c != '*'), Wildcard(name), route));
                }
                else
                {
                    _named[name] = route;
                }
            }
        }

        _wildcards.Sort((a, b) => b.Letters.CompareTo(a.Letters));
    }

    /// <summary>The routes as they were given.</summary>
    public IReadOnlyList<ModelRoute> Routes { get; }

    /// <summary>The providers, with the mock.</summary>
    public IReadOnlyCollection<Provider> Providers => _providers.Values;

    /// <summary>Finds the route of a model's name; null when nobody serves it.</summary>
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

    /// <summary>The provider that would serve a model if it had a key; null: none is known for such names, or it is there.</summary>
    public string? Missing(string model)
    {
        // Any other vendor/model may be OpenRouter's, or that of a provider whose name is mistyped.
        ProviderKind[] kinds =
        [
            .. Provider.NeedOnlyAKey.Where(k =>
                model.StartsWith($"{Provider.GetName(k)}/", StringComparison.Ordinal)
                || (k != ProviderKind.OpenRouter && WellKnown(model) == k)
            ),
        ];
        return kinds.Length > 0 && _providers.Values.All(p => p.Kind != kinds[0]) ? Provider.GetName(kinds[0]) : null;
    }

    private ResolvedRoute? Find(string model)
    {
        if (_named.TryGetValue(model, out var named))
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

        return Direct(model) is { } target ? Resolve(new ModelRoute(model, [target]), model) : null;
    }

    private Target? Direct(string model)
    {
        if (model.Split('/', 2) is [var provider, { Length: > 0 } name] && _providers.ContainsKey(provider))
        {
            return new(provider, name);
        }

        return WellKnown(model) is { } kind && OfKind(kind) is { } known ? new(known.Name, model) : null;
    }

    /// <summary>Of several providers of a kind, that which is called like it, else the first by name.</summary>
    private Provider? OfKind(ProviderKind kind) =>
        _providers
            .Values.Where(p => p.Kind == kind)
            .OrderBy(p => !p.Name.Equals(Provider.GetName(kind), StringComparison.OrdinalIgnoreCase))
            .ThenBy(p => p.Name, StringComparer.Ordinal)
            .FirstOrDefault();

    private static ProviderKind? WellKnown(string model) =>
        model == Provider.Mock.Name || model.StartsWith("mock-", StringComparison.Ordinal) ? ProviderKind.Mock
        : model.StartsWith("claude-", StringComparison.Ordinal) ? ProviderKind.Anthropic
        : _openAIPrefixes.Any(p => model.StartsWith(p, StringComparison.Ordinal)) ? ProviderKind.OpenAI
        : model.Contains('/', StringComparison.Ordinal) ? ProviderKind.OpenRouter // its models are named vendor/model
        : null;

    private static readonly string[] _openAIPrefixes = ["gpt-", "chatgpt-", "o1", "o3", "o4", "text-embedding-"];

    private ResolvedRoute? Resolve(ModelRoute route, string model, string star = "")
    {
        var targets = route
            .Targets.Select(
                (t, place) =>
                    _providers.TryGetValue(t.Provider, out var provider)
                        ? new ResolvedTarget(provider, ModelOf(t), t.Order ?? place, t.Weight)
                        : null
            )
            .OfType<ResolvedTarget>()
            .ToList();
        return targets.Count > 0 ? new(route, targets) : null;

        string ModelOf(Target target) =>
            target.Model.Replace("*", target.Model == "*" || star.Length == 0 ? model : star, StringComparison.Ordinal);
    }

    private static Regex Wildcard(string name) =>
        new(
            $"^{Regex.Escape(name).Replace("\\*", "(.*)", StringComparison.Ordinal)}\\z",
            RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
        );
}
