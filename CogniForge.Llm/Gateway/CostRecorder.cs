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
    /// <param name="output">The output received, to estimate its tokens if the provider sends none; null: none.</param>
    /// <param name="isComplete">Whether the response is complete, so that its usage is final.</param>
    public RequestLogEntry AddCost(
        RequestLogEntry entry,
        InferenceContext context,
        ResolvedTarget target,
        ResponseMetadata? metadata,
        TextSample? output,
        bool isComplete
    )
    {
        var model = metadata?.Model ?? target.Model;
        var isFinal = isComplete && metadata?.IsUsageProvisional != true;
        var known = TokenEstimator.Complete(metadata?.Usage, request, output, target.Model, isFinal);
        var usage = known with
        {
            Images = request.Images,
            Characters = request.Characters,
            AudioSeconds = metadata?.AudioSeconds ?? 0,
            IsEstimated = known.IsEstimated && (metadata?.AudioSeconds is null || metadata.IsAudioEstimated),
        };
        var reported = GetReportedCost(target.Provider, metadata);
        var cost = reported;
        if (
            (reported is null || !isComplete)
            && prices.Find(target.Provider.Name, model, target.Model, entry.OccurredAt) is { } price
        )
        {
            (var calculated, usage) = Calculate(context, target, model, metadata, price, usage);
            cost = Math.Max(calculated, reported ?? 0); // before the end, a reported cost is a placeholder too
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

    private (decimal Cost, TokenUsage Usage) Calculate(
        InferenceContext context,
        ResolvedTarget target,
        string model,
        ResponseMetadata? metadata,
        Price price,
        TokenUsage usage
    )
    {
        var name = $"{target.Provider.Name}/{model}";
        var tier = metadata?.ServiceTier ?? ServiceTier.GetRequested(request, context.Route.Route, target);
        var multiplier = price.GetMultiplier(tier);
        if (multiplier is null)
        {
            // The standard rate is the best estimate; without one the whole cost would be missing.
            telemetry.Costs.WarnOfUnpricedTier(name, tier!);
        }

        var (fees, unpriced) = ToolFeeTable.Calculate(price, target.Provider.Profile, metadata?.ToolUses);
        if (unpriced is not null)
        {
            telemetry.Costs.WarnOfUnpricedTool(name, unpriced);
        }

        var isEstimated = usage.IsEstimated || multiplier is null || unpriced is not null;
        var geo = InferenceGeo.GetFactor(request, context.Route.Route, target, metadata?.InferenceGeo);
        return (price.CalculateCost(usage, (multiplier ?? 1) * geo) + fees, usage with { IsEstimated = isEstimated });
    }

    /// <summary>OpenRouter's credits are USD; an unknown server may report its cost in any currency.</summary>
    private static decimal? GetReportedCost(Provider provider, ResponseMetadata? metadata) =>
        metadata?.Cost is { } cost && (cost.IsUsd || provider.Kind == ProviderKind.OpenRouter) ? cost.Amount : null;
}
