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
        var tools = targets
            .Select(t => GetProtocol(request, t))
            .Distinct()
            .ToDictionary(p => p, p => HostedTools.Bound(p, request.Body, route.Defaults));
        var priced = (
            from target in targets
            let possible = prices.ListPossible(target.Provider.Name, target.Model, now)
            where possible.Count > 0
            let uses = tools[GetProtocol(request, target)]
            let fees = possible.Select(p => uses.GetMaxFees(p, target.Provider.Profile)).ToList()
            where !fees.Contains(null)
            let tier = ServiceTier.GetRequested(request, route, target)
            let geo = InferenceGeo.GetMaxFactor(request, route, target)
            select (
                Target: target,
                Uses: uses,
                Prices: possible.Select((p, i) =>
                    (
                        p with
                        {
                            PerRequest = p.PerRequest + fees[i]!.Value + (request.Characters * p.PerCharacter),
                        },
                        CostUpperBound.GetMaxMultiplier(p, tier) * geo
                    )
                )
            )
        ).ToList();
        var names = tools.Values.SelectMany(t => t.Uses.Keys);
        if (priced.Count == 0)
        {
            return new([], default, names);
        }

        var input = InputTokenUpperBound.Estimate(request.Body);
        var maxCost = CostUpperBound.From(
            priced.SelectMany(p => p.Prices),
            priced.Max(p => p.Uses.BoundInput(input)),
            request.Images,
            request.Choices
        );
        return new([.. priced.Select(p => p.Target)], maxCost, names);
    }

    private static Protocol GetProtocol(InferenceRequest request, ResolvedTarget target) =>
        ProtocolAdapters.Select(request.Protocol, target.Provider.Protocols)?.Protocol ?? request.Protocol;
}
