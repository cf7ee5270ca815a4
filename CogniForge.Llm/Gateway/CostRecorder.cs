using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Telemetry;

namespace CogniForge.Llm.Gateway;

/// <summary>Records the cost of a response, complete or not; <see cref="Price"/> calculates it.</summary>
internal sealed class CostRecorder(InferenceRequest request, PriceTable prices, GatewayTelemetry telemetry)
{
    /// <summary>Adds the target, the usage and the cost to an entry of the request log.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="context">The request.</param>
    /// <param name="target">The target that generated the response.</param>
    /// <param name="metadata">The metadata of the response; null: none.</param>
    /// <param name="estimate">The usage to assume if the provider sends none.</param>
    public RequestLogEntry AddCost(
        RequestLogEntry entry,
        InferenceContext context,
        ResolvedTarget target,
        ResponseMetadata? metadata,
        TokenUsage estimate
    )
    {
        var usage = (metadata?.Usage ?? estimate) with { Images = request.Images };
        var model = metadata?.Model ?? target.Model;
        var cost = target.Provider.Kind == ProviderKind.OpenRouter ? metadata?.Cost : null;
        if (cost is null && prices.Find(target.Provider.Name, model, target.Model, entry.OccurredAt) is { } price)
        {
            var tier = metadata?.ServiceTier ?? ServiceTier.GetRequested(request, context.Route.Route, target);
            var multiplier = price.GetMultiplier(tier);
            if (multiplier is null)
            {
                // The standard rate is the best estimate; without one the whole cost would be missing.
                usage = usage with
                {
                    IsEstimated = true,
                };
                telemetry.Costs.WarnOfUnpricedTier($"{target.Provider.Name}/{model}", tier!);
            }

            cost = price.CalculateCost(usage, multiplier ?? 1);
        }

        return entry.With(usage) with
        {
            Provider = target.Provider.Name,
            Model = model,
            FinishReason = metadata?.FinishReason,
            Attempts = context.Attempts,
            Cost = cost,
        };
    }
}
