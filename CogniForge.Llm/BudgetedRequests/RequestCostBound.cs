using CogniForge.Llm.Gateway;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.BudgetedRequests;

/// <summary>The most that a request can cost, at whichever target with a known price.</summary>
/// <param name="Targets">The targets whose prices, and fees for the tools, are known, in order.</param>
/// <param name="MaxCost">The most that the request costs at any of them.</param>
/// <param name="Tools">The provider's own tools that the request allows.</param>
internal sealed record RequestCostBound(
    IReadOnlyList<ResolvedTarget> Targets,
    CostUpperBound MaxCost,
    IEnumerable<string> Tools
)
{
    public static RequestCostBound Create(
        InferenceRequest request,
        ModelRoute route,
        IReadOnlyList<ResolvedTarget> targets,
        PriceTable prices,
        DateTimeOffset now
    )
    {
        var tools = new Dictionary<Protocol, ToolUseBound>();
        var priced = new List<(ResolvedTarget Target, ToolUseBound Uses)>(targets.Count);
        var rates = new List<(Price Price, decimal Multiplier)>();
        foreach (var target in targets)
        {
            var protocol = GetProtocol(request, target);
            if (!tools.TryGetValue(protocol, out var uses))
            {
                tools[protocol] = uses = HostedTools.Bound(protocol, request.Body, route.Defaults);
            }

            var possible = prices.ListPossible(target.Provider.Name, target.Model, now);
            if (ListRates(request, route, target, uses, possible) is { Count: > 0 } known)
            {
                priced.Add((target, uses));
                rates.AddRange(known);
            }
        }

        var names = tools.Values.SelectMany(t => t.Uses.Keys);
        if (priced.Count == 0)
        {
            return new([], default, names);
        }

        var input = InputTokenUpperBound.Estimate(request.Body);
        var maxInput = priced.Max(p => p.Uses.BoundInput(input));
        return new(
            priced.ConvertAll(p => p.Target),
            CostUpperBound.From(rates, maxInput, request.Images, request.Choices),
            names
        );
    }

    /// <summary>Lists prices with the fees of tools and the highest multiplier; null: a fee is unknown.</summary>
    private static List<(Price Price, decimal Multiplier)>? ListRates(
        InferenceRequest request,
        ModelRoute route,
        ResolvedTarget target,
        ToolUseBound uses,
        IReadOnlyList<Price> prices
    )
    {
        var tier = ServiceTier.GetRequested(request, route, target);
        var geo = InferenceGeo.GetMaxFactor(request, route, target);
        var rates = new List<(Price Price, decimal Multiplier)>(prices.Count);
        foreach (var price in prices)
        {
            if (uses.GetMaxFees(price, target.Provider.Profile) is not { } fees)
            {
                return null;
            }

            var perRequest = price.PerRequest + fees + (request.Characters * price.PerCharacter);
            rates.Add((price with { PerRequest = perRequest }, CostUpperBound.GetMaxMultiplier(price, tier) * geo));
        }

        return rates;
    }

    private static Protocol GetProtocol(InferenceRequest request, ResolvedTarget target) =>
        ProtocolAdapters.Select(request.Protocol, target.Provider.Protocols)?.Protocol ?? request.Protocol;
}
