using System.Diagnostics;
using System.Diagnostics.Metrics;
using CogniForge.Llm.Domain;
using CogniForge.ServiceDefaults;

namespace CogniForge.Llm.Application;

/// <summary>Spans and metrics of model calls, named by OpenTelemetry's conventions for generative AI (in development; this is their one place here).</summary>
internal sealed class LlmTelemetry(ServiceDescription service)
{
    private const string Operation = "chat";

    private readonly Histogram<double> _duration = service.Meter.CreateHistogram(
        "gen_ai.client.operation.duration", "s", "Duration of calls to models", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
        });

    private readonly Histogram<long> _tokens = service.Meter.CreateHistogram(
        "gen_ai.client.token.usage", "{token}", "Tokens of calls to models", advice: new InstrumentAdvice<long>
        {
            HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
        });

    /// <summary>Starts the span of a call.</summary>
    public Activity? StartCall(string provider, string model) =>
        service.ActivitySource.StartActivity($"{Operation} {model}", ActivityKind.Client, default(ActivityContext),
            [new("gen_ai.operation.name", Operation), new("gen_ai.provider.name", provider), new("gen_ai.request.model", model)]);

    /// <summary>Measures a call that was answered.</summary>
    public void Succeeded(Activity? call, string provider, ChatAnswer answer, TimeSpan duration)
    {
        call?.SetTag("gen_ai.response.model", answer.Model);
        call?.SetTag("gen_ai.response.finish_reasons", new[] { answer.FinishReason });
        call?.SetTag("gen_ai.usage.input_tokens", answer.Usage.Input);
        call?.SetTag("gen_ai.usage.output_tokens", answer.Usage.Output);

        var tags = new TagList { { "gen_ai.operation.name", Operation }, { "gen_ai.provider.name", provider }, { "gen_ai.request.model", answer.Model } };
        _duration.Record(duration.TotalSeconds, tags);
        _tokens.Record(answer.Usage.Input, [.. tags, new("gen_ai.token.type", "input")]);
        _tokens.Record(answer.Usage.Output, [.. tags, new("gen_ai.token.type", "output")]);
    }
}
