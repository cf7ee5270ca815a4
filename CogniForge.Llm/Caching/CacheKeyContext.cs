using System.Globalization;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Gateway.Requests;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Caching;

/// <summary>What changes a response besides the request's body.</summary>
internal static class CacheKeyContext
{
    // Providers count these for rankings only.
    private static readonly string[] _withoutEffect =
    [
        "http-referer",
        "x-title",
        "x-openrouter-title",
        "x-openrouter-categories",
    ];

    /// <summary>The targets, what the route adds to the body, the headers that pass, and the budget's limit.</summary>
    public static IEnumerable<string> Describe(InferenceRequest request, ResolvedRoute route, bool hasBudget)
    {
        foreach (var target in route.Targets)
        {
            yield return $"{target.Provider.Kind} {target.Provider.Address} {target.Id}";
        }

        yield return route.Route.Defaults?.ToJsonString() ?? "";
        yield return route.Route.MaxOutputTokens?.ToString(CultureInfo.InvariantCulture) ?? "";
        foreach (var (name, value) in BetaHeaders.Filter(request.Headers, route.Route.AllowedBetas))
        {
            if (!_withoutEffect.Contains(name))
            {
                yield return $"{name}: {value}";
            }
        }

        var isLimitedByBudget = hasBudget && request.MaxOutputTokens is null && route.Route.MaxOutputTokens is null;
        yield return isLimitedByBudget ? "budget" : "";
    }
}
