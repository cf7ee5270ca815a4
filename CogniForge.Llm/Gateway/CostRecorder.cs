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
        var usage = Combine(metadata?.Usage, output, target.Model, isFinal) with { Images = request.Images };
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
        return (price.CalculateCost(usage, multiplier ?? 1) + fees, usage with { IsEstimated = isEstimated });
    }

    /// <summary>OpenRouter's credits are USD; an unknown server may report its cost in any currency.</summary>
    private static decimal? GetReportedCost(Provider provider, ResponseMetadata? metadata) =>
        metadata?.Cost is { } cost && (cost.IsUsd || provider.Kind == ProviderKind.OpenRouter) ? cost.Amount : null;

    /// <summary>
    /// Before the end, providers report placeholders, such as Anthropic's one output token at the start of a stream.
    /// What was received counts if it is more, also where no output tokens are reported at all.
    /// </summary>
    private TokenUsage Combine(TokenUsage? reported, TextSample? output, string model, bool isFinal)
    {
        if (reported is null)
        {
            return TokenEstimator.Estimate(request, output, model);
        }

        var isTotal = reported.IsEstimated;

        // Nor is any input free, if a provider counts only the output.
        if (reported.Input == 0 && TokenEstimator.EstimateInput(request, model) is > 0 and var input)
        {
            reported = reported with { FreshInput = input, IsEstimated = true };
        }

        if (isFinal && reported.Output > 0)
        {
            return reported;
        }

        var estimate = TokenEstimator.EstimateOutput(output, model);
        if (reported.Output >= estimate)
        {
            return reported;
        }

        // Only a total is reported, of which the output is a part.
        var rest = reported.FreshInput - (isTotal ? estimate : 0);
        return reported with { FreshInput = Math.Max(0, rest), Output = estimate, IsEstimated = true };
    }
}
