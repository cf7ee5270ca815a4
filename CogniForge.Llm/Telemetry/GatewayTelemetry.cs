using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults;

namespace CogniForge.Llm.Telemetry;

/// <summary>
/// Spans and metrics of model calls. Names starting with <c>gen_ai.</c> follow OpenTelemetry's semantic conventions for
/// generative AI (in development), which only this class and <see cref="GenAiMessages"/> use.
/// </summary>
internal sealed partial class GatewayTelemetry(
    ServiceDescription service,
    IConfiguration configuration,
    ILogger<GatewayTelemetry> logger
)
{
    // Clients can make up model names; the models beyond this number share one time series.
    private const int MaxModels = 200;
    private const string OtherModels = "_OTHER";
    private const int MaxWarnings = 1_000;

    private static readonly InstrumentAdvice<double> _seconds = new()
    {
        HistogramBucketBoundaries =
        [
            0.01,
            0.02,
            0.04,
            0.08,
            0.16,
            0.32,
            0.64,
            1.28,
            2.56,
            5.12,
            10.24,
            20.48,
            40.96,
            81.92,
        ],
    };

    private readonly Histogram<double> _duration = service.Meter.CreateHistogram(
        "gen_ai.client.operation.duration",
        "s",
        "Duration of calls to models",
        advice: _seconds
    );

    private readonly Histogram<double> _firstChunk = service.Meter.CreateHistogram(
        "gen_ai.client.operation.time_to_first_chunk",
        "s",
        "Time to the first chunk of streamed responses",
        advice: _seconds
    );

    private readonly Histogram<long> _tokens = service.Meter.CreateHistogram(
        "gen_ai.client.token.usage",
        "{token}",
        "Tokens of calls to models",
        advice: new InstrumentAdvice<long>
        {
            HistogramBucketBoundaries =
            [
                1,
                4,
                16,
                64,
                256,
                1024,
                4096,
                16384,
                65536,
                262144,
                1048576,
                4194304,
                16777216,
                67108864,
            ],
        }
    );

    private readonly Histogram<double> _overhead = service.Meter.CreateHistogram(
        "cogniforge.llm.overhead",
        "s",
        "Time spent in the gateway itself, without waiting for providers",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1],
        }
    );

    private readonly Counter<double> _cost = service.Meter.CreateCounter<double>(
        "cogniforge.llm.cost",
        "{USD}",
        "Cost of responses with a known price"
    );
    private readonly Counter<double> _saved = service.Meter.CreateCounter<double>(
        "cogniforge.llm.saved",
        "{USD}",
        "Cost saved by cached responses"
    );
    private readonly Counter<long> _unpriced = service.Meter.CreateCounter<long>(
        "cogniforge.llm.unpriced",
        "{request}",
        "Responses of models without a price"
    );
    private readonly ConcurrentDictionary<string, bool> _warned = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _models = new(StringComparer.Ordinal);
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

    // The variable and its values are defined by the conventions; EVENT_ONLY does not capture content in spans.
    private readonly bool _capturesContent =
        configuration["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"]?.Trim().ToUpperInvariant()
        is "TRUE"
            or "SPAN_ONLY"
            or "SPAN_AND_EVENT";

    /// <summary>Starts the span of an attempt.</summary>
    public Activity? StartCall(InferenceRequest request, ResolvedTarget target)
    {
        if (!service.ActivitySource.HasListeners())
        {
            return null;
        }

        var operation = GetOperation(request.Protocol.Name());
        var span = service.ActivitySource.StartActivity(
            $"{operation} {target.Model}",
            ActivityKind.Client,
            default(ActivityContext),
            [
                new("gen_ai.operation.name", operation),
                new("gen_ai.provider.name", GetProviderName(target.Provider)),
                new("gen_ai.request.model", target.Model),
            ]
        );
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("server.address", target.Provider.Address?.Host);
            if (request.Stream)
            {
                span.SetTag("gen_ai.request.stream", true);
            }

            if (request.MaxOutputTokens is { } maxTokens)
            {
                span.SetTag("gen_ai.request.max_tokens", maxTokens);
            }
        }

        return span;
    }

    /// <summary>Creates a capture of the messages of a call; null unless content capture is enabled.</summary>
    public ContentCapture? Capture(Activity? span) =>
        _capturesContent && span is { IsAllDataRequested: true } ? new(span) : null;

    /// <summary>Adds the result of an attempt to its span.</summary>
    public static void EndCall(Activity? span, AttemptResult result)
    {
        if (span is null)
        {
            return;
        }

        if (result.Failure is { } error)
        {
            span.SetStatus(ActivityStatusCode.Error, error.Message);
            span.SetTag("error.type", error.Category.Name());
        }

        if (result.Metadata is { } metadata)
        {
            span.SetTag("gen_ai.response.id", metadata.Id);
            span.SetTag("gen_ai.response.model", metadata.Model);
            if (metadata.FinishReason is { } reason)
            {
                span.SetTag("gen_ai.response.finish_reasons", new[] { reason });
            }

            if (metadata.Usage is { } usage)
            {
                span.SetTag("gen_ai.usage.input_tokens", usage.Input);
                span.SetTag("gen_ai.usage.output_tokens", usage.Output);
                span.SetTag("gen_ai.usage.cache_read.input_tokens", usage.CacheRead);
                span.SetTag("gen_ai.usage.cache_creation.input_tokens", usage.CacheWrite + usage.CacheWriteLong);
                span.SetTag("gen_ai.usage.reasoning.output_tokens", usage.Reasoning);
            }
        }
    }

    /// <summary>Records the metrics of a successful request.</summary>
    public void Answered(RequestLogEntry entry, TimeSpan overhead)
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
        RecordCost(entry, tags);
    }

    /// <summary>Counts a cached response, for which no model was called.</summary>
    public void AnsweredAgain(RequestLogEntry entry) => _saved.Add((double)(entry.Saved ?? 0), CreateTags(entry));

    /// <summary>Records the metrics of a failed request.</summary>
    public void Failed(RequestLogEntry entry)
    {
        var category = new KeyValuePair<string, object?>("error.type", entry.Error);
        _failures.Add(1, category);
        if (entry.Provider.Length > 0)
        {
            var tags = CreateTags(entry);
            if (entry.InputTokens + entry.OutputTokens > 0)
            {
                RecordCost(entry, tags); // an interrupted stream costs what was received
            }

            tags.Add(category);
            _duration.Record(entry.DurationMs / 1000, tags);
        }
    }

    /// <summary>Counts a failed attempt.</summary>
    public void AttemptFailed(ResolvedTarget target, ProviderError error) =>
        _attemptFailures.Add(
            1,
            new("gen_ai.provider.name", GetProviderName(target.Provider)),
            new("error.type", error.Category.Name())
        );

    /// <summary>Counts a retry.</summary>
    public void Retried(ResolvedTarget target, ProviderError error) =>
        _retries.Add(
            1,
            new("gen_ai.provider.name", GetProviderName(target.Provider)),
            new("error.type", error.Category.Name())
        );

    /// <summary>Counts a fallback.</summary>
    public void FellBack(ResolvedTarget from, ResolvedTarget to) =>
        _fallbacks.Add(1, new("from", from.Provider.Name), new("to", to.Provider.Name));

    private TagList CreateTags(RequestLogEntry entry) =>
        new()
        {
            { "gen_ai.operation.name", GetOperation(entry.Protocol) },
            { "gen_ai.provider.name", entry.Provider },
            { "gen_ai.request.model", GetModelLabel(entry) },
        };

    private string GetModelLabel(RequestLogEntry entry)
    {
        var model = entry.Model;
        if (_models.ContainsKey(model))
        {
            return model;
        }

        // A name unknown to its provider gets no time series of its own.
        return
            entry.Error != ErrorCategory.InvalidRequest.Name()
            && _models.Count < MaxModels
            && _models.GetOrAdd(model, true)
            ? model
            : OtherModels;
    }

    private void RecordCost(RequestLogEntry entry, TagList tags)
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

    /// <summary>Warns of a response in a service tier without a multiplier in the price.</summary>
    public void TierUnpriced(string model, string tier)
    {
        if (_warned.Count < MaxWarnings && _warned.TryAdd($"{model} (tiers)", true))
        {
            Log.TierUnpriced(logger, model, tier);
        }
    }

    private static string GetOperation(string protocol) => protocol == "embeddings" ? protocol : "chat";

    private static string GetProviderName(Provider provider) =>
        provider.Kind switch
        {
            ProviderKind.OpenAI => "openai",
            ProviderKind.Anthropic => "anthropic",
            _ => provider.Name,
        };

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
    }
}
