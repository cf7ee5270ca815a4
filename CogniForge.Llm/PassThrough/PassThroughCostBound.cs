using CogniForge.Llm.Configuration;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.PassThrough;

/// <summary>What a request to a provider's own API may cost a key or a project with a budget.</summary>
internal static class PassThroughCostBound
{
    /// <summary>Whether the key or its project has a budget.</summary>
    public static bool HasBudget(Caller caller, GatewayConfig config) =>
        caller.Limits is KeyLimits { Budget: not null } || config.Projects.Find(caller)?.Limits.Budget is not null;

    /// <summary>Keeps the targets whose cost a budget bounds.</summary>
    public static (ResolvedRoute Route, ErrorResponse? Refusal) Check(
        PassThroughRequest request,
        Caller caller,
        ResolvedRoute route,
        GatewayConfig config,
        DateTimeOffset now
    )
    {
        if (request.Endpoint.Charge == Charge.Unlimited && HasBudget(caller, config))
        {
            return (route, PassThroughErrors.CostNotBounded("it has no limit of output tokens."));
        }

        if (request.Endpoint.Charge != Charge.Media || !HasBudget(caller, config))
        {
            return (route, null);
        }

        ResolvedTarget[] bounded =
        [
            .. route.Targets.Where(t => IsBounded(config.Prices.ListPossible(t.Provider.Name, t.Model, now))),
        ];
        return bounded.Length > 0
            ? (route with { Targets = bounded }, null)
            : (
                route,
                PassThroughErrors.CostNotBounded(
                    $"the model '{request.Inference.Model}' has no price of fees alone "
                        + "(perRequest, perImage, perCharacter)."
                )
            );

        bool IsBounded(IReadOnlyList<Price> prices) =>
            prices.Count > 0
            && prices.All(p =>
                HasFeesOnly(p)
                && (p.PerImage == 0 || request.Endpoint.Content == RequestContent.Json)
                && (p.PerMinute == 0 || request.Endpoint.Content == RequestContent.Json) // a file of unknown length
            );
    }

    private static bool HasFeesOnly(Price price)
    {
        decimal?[] rates =
        [
            price.Input,
            price.Output,
            price.CacheRead,
            price.CacheWrite,
            price.CacheWriteLong,
            price.Reasoning,
            price.Audio?.Input,
            price.Audio?.CacheRead,
            price.Audio?.Output,
            price.Image?.Input,
            price.Image?.CacheRead,
            price.Image?.Output,
        ];
        return rates.All(r => r is null or 0);
    }
}
