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
    /// <param name="estimate">The usage of what was received, to assume if the provider sends none.</param>
    /// <param name="isComplete">Whether the response is complete, so that its usage is final.</param>
    /// <param name="isUpperBound">Whether to calculate with the highest rate of the service tier.</param>
    public RequestLogEntry AddCost(
        RequestLogEntry entry,
        InferenceContext context,
        ResolvedTarget target,
        ResponseMetadata? metadata,
        TokenUsage estimate,
        bool isComplete = false,
        bool isUpperBound = false
    )
    {
        var usage = Combine(metadata?.Usage, estimate, isComplete) with { Images = request.Images };
        var model = metadata?.Model ?? target.Model;
        var cost = target.Provider.Kind == ProviderKind.OpenRouter ? metadata?.Cost : null;
        if (cost is null && prices.Find(target.Provider.Name, model, target.Model, entry.OccurredAt) is { } price)
        {
            var tier = metadata?.ServiceTier ?? ServiceTier.GetRequested(request, context.Route.Route, target);
            var multiplier = isUpperBound ? price.GetMaxMultiplier(tier) : price.GetMultiplier(tier);
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

    /// <summary>
    /// Before the end, providers report placeholders, such as Anthropic's one output token at the start of a stream.
    /// What was received counts if it is more, also where no output tokens are reported at all.
    /// </summary>
    private static TokenUsage Combine(TokenUsage? reported, TokenUsage estimate, bool isComplete)
    {
        if (reported is null)
        {
            return estimate;
        }

        if (reported.Output >= estimate.Output || (isComplete && reported.Output > 0))
        {
            return reported;
        }

        // An estimated usage is a total, of which the output is a part.
        var input = reported.FreshInput - (reported.IsEstimated ? estimate.Output : 0);
        return reported with { FreshInput = Math.Max(0, input), Output = estimate.Output, IsEstimated = true };
    }
}
