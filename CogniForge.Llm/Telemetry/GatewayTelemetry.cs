using System.Diagnostics;
using System.Diagnostics.Metrics;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults;

namespace CogniForge.Llm.Telemetry;

/// <summary>
/// Metrics and spans of model calls. Names starting with <c>gen_ai.</c> follow OpenTelemetry's semantic conventions for
/// generative AI (in development); only this folder uses them.
/// </summary>
internal sealed class GatewayTelemetry(
    ServiceDescription service,
    IConfiguration configuration,
    ILogger<GatewayTelemetry> logger
)
{
    private readonly Histogram<double> _duration = service.Meter.CreateHistogram(
        "gen_ai.client.operation.duration",
        "s",
        "Duration of calls to models",
        advice: HistogramBuckets.Seconds
    );

    private readonly Histogram<double> _firstChunk = service.Meter.CreateHistogram(
        "gen_ai.client.operation.time_to_first_chunk",
        "s",
        "Time to the first chunk of streamed responses",
        advice: HistogramBuckets.Seconds
    );

    private readonly Histogram<long> _tokens = service.Meter.CreateHistogram(
        "gen_ai.client.token.usage",
        "{token}",
        "Tokens of calls to models",
        advice: HistogramBuckets.Tokens
    );

    private readonly Histogram<double> _overhead = service.Meter.CreateHistogram(
        "cogniforge.llm.overhead",
        "s",
        "Time spent in the gateway itself, without waiting for providers",
        advice: HistogramBuckets.Overhead
    );

    private readonly Counter<long> _failures = service.Meter.CreateCounter<long>(
        "cogniforge.llm.failures",
        "{request}",
        "Failed requests, by error category"
    );
    private readonly Counter<long> _attemptFailures = service.Meter.CreateCounter<long>(
        "cogniforge.llm.attempt.failures",
        "{attempt}",
        "Failed attempts at targets, by error category"
    );
    private readonly Counter<long> _retries = service.Meter.CreateCounter<long>(
        "cogniforge.llm.retries",
        "{attempt}",
        "Retries at the same target"
    );
    private readonly Counter<long> _fallbacks = service.Meter.CreateCounter<long>(
        "cogniforge.llm.fallbacks",
        "{request}",
        "Fallbacks to the next target"
    );
    private readonly ModelLabels _models = new();

    /// <summary>The spans of calls to providers.</summary>
    public ProviderSpans Spans { get; } = new(service, configuration);

    /// <summary>The metrics of costs.</summary>
    public CostMetrics Costs { get; } = new(service.Meter, logger);

    /// <summary>Records a successful request.</summary>
    /// <param name="entry">The entry of the request log.</param>
    /// <param name="overhead">The time spent in the gateway itself.</param>
    public void RecordResponse(RequestLogEntry entry, TimeSpan overhead)
    {
        var tags = CreateTags(entry);
        _duration.Record(entry.DurationMs / 1000, tags);
        _overhead.Record(Math.Max(0, overhead.TotalSeconds));
        if (entry.FirstChunkMs is { } first)
        {
            _firstChunk.Record(first / 1000, tags);
        }

        tags.Add("gen_ai.token.type", "input");
        _tokens.Record(entry.InputTokens, tags);
        tags[^1] = new("gen_ai.token.type", "output");
        _tokens.Record(entry.OutputTokens, tags);
        tags.RemoveAt(tags.Count - 1);
        Costs.Record(entry, tags);
    }

    /// <summary>Records a cached response, for which no model was called.</summary>
    public void RecordCachedResponse(RequestLogEntry entry) => Costs.RecordSaved(entry, CreateTags(entry));

    /// <summary>Records a failed request.</summary>
    public void RecordError(RequestLogEntry entry)
    {
        var category = new KeyValuePair<string, object?>("error.type", entry.Error);
        _failures.Add(1, category);
        if (entry.Provider.Length > 0)
        {
            var tags = CreateTags(entry);
            if (entry.InputTokens + entry.OutputTokens > 0)
            {
                Costs.Record(entry, tags); // an interrupted stream costs what was received
            }

            tags.Add(category);
            _duration.Record(entry.DurationMs / 1000, tags);
        }
    }

    public void RecordAttemptError(ResolvedTarget target, ProviderError error) =>
        _attemptFailures.Add(1, CreateTags(target, error));

    public void RecordRetry(ResolvedTarget target, ProviderError error) => _retries.Add(1, CreateTags(target, error));

    public void RecordFallback(ResolvedTarget from, ResolvedTarget to) =>
        _fallbacks.Add(1, new("from", from.Provider.Name), new("to", to.Provider.Name));

    private TagList CreateTags(RequestLogEntry entry) =>
        new()
        {
            { "gen_ai.operation.name", GenAiNames.GetOperation(entry.Protocol) },
            { "gen_ai.provider.name", entry.Provider },
            { "gen_ai.request.model", _models.Get(entry) },
        };

    private static TagList CreateTags(ResolvedTarget target, ProviderError error) =>
        new()
        {
            { "gen_ai.provider.name", GenAiNames.GetProvider(target.Provider) },
            { "error.type", error.Category.Name() },
        };
}
