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

/// <summary>Spans and metrics of model calls, named by OpenTelemetry's conventions for generative AI (in development; this and <see cref="GenAiMessages"/> are their places here), and the gateway's own.</summary>
internal sealed partial class GatewayTelemetry(
    ServiceDescription service,
    IConfiguration configuration,
    ILogger<GatewayTelemetry> logger
)
{
    // Clients can make up models' names: those beyond this many share a series.
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
        "Time to the first part of streamed answers",
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
        "What the gateway itself takes of a request: all but the wait for providers",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1],
        }
    );

    private readonly Counter<double> _cost = service.Meter.CreateCounter<double>(
        "cogniforge.llm.cost",
        "{USD}",
        "Cost of answers that have a price"
    );
    private readonly Counter<double> _saved = service.Meter.CreateCounter<double>(
        "cogniforge.llm.saved",
        "{USD}",
        "What answers from the cache would have cost"
    );
    private readonly Counter<long> _unpriced = service.Meter.CreateCounter<long>(
        "cogniforge.llm.unpriced",
        "{request}",
        "Answers of models without a price"
    );
    private readonly ConcurrentDictionary<string, bool> _warnedOf = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _models = new(StringComparer.Ordinal);
    private readonly Counter<long> _failures = service.Meter.CreateCounter<long>(
        "cogniforge.llm.failures",
        "{request}",
        "Requests that failed, by category"
    );
    private readonly Counter<long> _attemptFailures = service.Meter.CreateCounter<long>(
        "cogniforge.llm.attempt.failures",
        "{attempt}",
        "Attempts at targets that failed, by category"
    );
    private readonly Counter<long> _retries = service.Meter.CreateCounter<long>(
        "cogniforge.llm.retries",
        "{attempt}",
        "Attempts that were made again at the same target"
    );
    private readonly Counter<long> _fallBacks = service.Meter.CreateCounter<long>(
        "cogniforge.llm.fallbacks",
        "{request}",
        "Requests that went on to the next target"
    );

    // The name and the values are the conventions'; of the newer values those count that mean spans.
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

            if (request.MaxOutputTokens is { } most)
            {
                span.SetTag("gen_ai.request.max_tokens", most);
            }
        }

        return span;
    }

    /// <summary>What records the messages of a call in its span; null unless that is switched on.</summary>
    public ContentCapture? Capture(Activity? span) =>
        _capturesContent && span is { IsAllDataRequested: true } ? new(span) : null;

    /// <summary>Describes an attempt's end in its span.</summary>
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

    /// <summary>Measures a request that was answered.</summary>
    public void Answered(RequestLogEntry entry, TimeSpan overhead)
    {
        var tags = Tags(entry);
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
        Spent(entry, tags);
    }

    /// <summary>Counts an answer from the cache: no model was called.</summary>
    public void AnsweredAgain(RequestLogEntry entry) => _saved.Add((double)(entry.Saved ?? 0), Tags(entry));

    /// <summary>Counts a request that failed.</summary>
    public void Failed(RequestLogEntry entry)
    {
        var category = new KeyValuePair<string, object?>("error.type", entry.Error);
        _failures.Add(1, category);
        if (entry.Provider.Length > 0)
        {
            var tags = Tags(entry);
            if (entry.InputTokens + entry.OutputTokens > 0)
            {
                Spent(entry, tags); // a stream that broke costs what had come
            }

            tags.Add(category);
            _duration.Record(entry.DurationMs / 1000, tags);
        }
    }

    /// <summary>Counts an attempt that failed.</summary>
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

    /// <summary>Counts a fall-back.</summary>
    public void FellBack(ResolvedTarget from, ResolvedTarget to) =>
        _fallBacks.Add(1, new("from", from.Provider.Name), new("to", to.Provider.Name));

    private TagList Tags(RequestLogEntry entry) =>
        new()
        {
            { "gen_ai.operation.name", GetOperation(entry.Protocol) },
            { "gen_ai.provider.name", entry.Provider },
            { "gen_ai.request.model", LabelOf(entry) },
        };

    private string LabelOf(RequestLogEntry entry)
    {
        var model = entry.Model;
        if (_models.ContainsKey(model))
        {
            return model;
        }

        // A name that its provider does not know is nobody's.
        return
            entry.Error != ErrorCategory.InvalidRequest.Name()
            && _models.Count < MaxModels
            && _models.GetOrAdd(model, true)
            ? model
            : OtherModels;
    }

    private void Spent(RequestLogEntry entry, TagList tags)
    {
        if (entry.Cost is { } cost)
        {
            _cost.Add((double)cost, tags);
            return;
        }

        _unpriced.Add(1, tags);
        var model = $"{entry.Provider}/{entry.Model}";
        if (_warnedOf.Count < MaxWarnings && _warnedOf.TryAdd(model, true))
        {
            Log.Unpriced(logger, model);
        }
    }

    /// <summary>An answer came in a service tier whose rates nobody has said.</summary>
    public void TierUnpriced(string model, string tier)
    {
        if (_warnedOf.Count < MaxWarnings && _warnedOf.TryAdd($"{model} (tiers)", true))
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
            1000,
            LogLevel.Warning,
            "{Model} has no price: what it costs is not counted until PUT /api/v1/llm/prices sets one. (Said once for each model.)"
        )]
        public static partial void Unpriced(ILogger logger, string model);

        [LoggerMessage(
            1001,
            LogLevel.Warning,
            "The price of {Model} has no multiplier for the service tier {Tier}: such answers count at the standard rate, as estimated, until PUT /api/v1/llm/prices sets one. (Said once for each model.)"
        )]
        public static partial void TierUnpriced(ILogger logger, string model, string tier);
    }
}
