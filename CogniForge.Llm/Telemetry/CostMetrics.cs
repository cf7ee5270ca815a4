using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using CogniForge.Llm.RequestLog;

namespace CogniForge.Llm.Telemetry;

/// <summary>Counts the cost of responses, and warns once per model of missing prices.</summary>
internal sealed partial class CostMetrics(Meter meter, ILogger logger)
{
    private const int MaxWarnings = 1_000;

    private readonly Counter<double> _cost = meter.CreateCounter<double>(
        "cogniforge.llm.cost",
        "{USD}",
        "Cost of responses with a known price"
    );
    private readonly Counter<double> _saved = meter.CreateCounter<double>(
        "cogniforge.llm.saved",
        "{USD}",
        "Cost saved by cached responses"
    );
    private readonly Counter<long> _unpriced = meter.CreateCounter<long>(
        "cogniforge.llm.unpriced",
        "{request}",
        "Responses of models without a price"
    );
    private readonly ConcurrentDictionary<string, bool> _warned = new(StringComparer.Ordinal);

    public void Record(RequestLogEntry entry, TagList tags)
    {
        if (entry.Cost is { } cost)
        {
            _cost.Add((double)cost, tags);
            return;
        }

        _unpriced.Add(1, tags);
        var model = $"{entry.Provider}/{entry.Model}";
        if (_warned.Count < MaxWarnings && _warned.TryAdd(model, true))
        {
            Log.Unpriced(logger, model);
        }
    }

    /// <summary>Counts the cost that a cached response saved.</summary>
    public void RecordSaved(RequestLogEntry entry, TagList tags) => _saved.Add((double)(entry.Saved ?? 0), tags);

    /// <summary>Warns of a response in a service tier without a multiplier in the price.</summary>
    public void WarnOfUnpricedTier(string model, string tier)
    {
        if (_warned.Count < MaxWarnings && _warned.TryAdd($"{model} (tiers)", true))
        {
            Log.TierUnpriced(logger, model, tier);
        }
    }

    /// <summary>Warns of a response that used a tool without a fee in the price.</summary>
    public void WarnOfUnpricedTool(string model, string tool)
    {
        if (_warned.Count < MaxWarnings && _warned.TryAdd($"{model} (tools)", true))
        {
            Log.ToolUnpriced(logger, model, tool);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.ModelUnpriced,
            LogLevel.Warning,
            "{Model} has no price: its cost is not counted until PUT /api/v1/llm/prices sets one. "
                + "(Logged once per model.)"
        )]
        public static partial void Unpriced(ILogger logger, string model);

        [LoggerMessage(
            EventIds.TierUnpriced,
            LogLevel.Warning,
            "The price of {Model} has no multiplier for the service tier {Tier}: its responses count at the standard "
                + "rate, as estimated, until PUT /api/v1/llm/prices sets one. (Logged once per model.)"
        )]
        public static partial void TierUnpriced(ILogger logger, string model, string tier);

        [LoggerMessage(
            EventIds.ToolUnpriced,
            LogLevel.Warning,
            "The price of {Model} has no fee for the provider's tool {Tool}: responses that used it count without the "
                + "fee, as estimated, until PUT /api/v1/llm/prices sets one in toolFees. (Logged once per model.)"
        )]
        public static partial void ToolUnpriced(ILogger logger, string model, string tool);
    }
}
