using System.Diagnostics;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults;

namespace CogniForge.Llm.Telemetry;

/// <summary>Creates the spans of calls to providers, with the messages if an operator enables that.</summary>
internal sealed class ProviderSpans(ServiceDescription service, IConfiguration configuration)
{
    private readonly bool _capturesContent = ContentCapture.IsEnabled(configuration);

    /// <summary>Starts the span of an attempt.</summary>
    /// <param name="protocol">The name of the client's protocol, as in the request log.</param>
    /// <param name="target">The target.</param>
    /// <param name="isStream">Whether the response is streamed.</param>
    /// <param name="maxOutputTokens">The limit that the client requests; null: none.</param>
    public Activity? Start(string protocol, ResolvedTarget target, bool isStream, int? maxOutputTokens)
    {
        if (!service.ActivitySource.HasListeners())
        {
            return null;
        }

        var operation = GenAiNames.GetOperation(protocol);
        var span = service.ActivitySource.StartActivity(
            $"{operation} {target.Model}",
            ActivityKind.Client,
            default(ActivityContext),
            [
                new("gen_ai.operation.name", operation),
                new("gen_ai.provider.name", GenAiNames.GetProvider(target.Provider)),
                new("gen_ai.request.model", target.Model),
            ]
        );
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("server.address", target.Provider.Address?.Host);
            if (isStream)
            {
                span.SetTag("gen_ai.request.stream", true);
            }

            if (maxOutputTokens is { } maxTokens)
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
    public static void End(Activity? span, AttemptResult result)
    {
        if (span is null)
        {
            return;
        }

        if (result.Error is { } error)
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
}
