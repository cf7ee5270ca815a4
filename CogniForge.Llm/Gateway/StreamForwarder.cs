using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Providers;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Gateway;

/// <summary>
/// Forwards a stream, each event as it comes: those that came together go out together. Nothing goes out before the first part of the answer is there, so that until then another target may still answer;
/// a stream counts as whole only when the provider has said so.
/// </summary>
internal sealed class StreamForwarder(
    InferenceContext context,
    ResolvedTarget target,
    ProtocolAdapter adapter,
    ITranslator? translation,
    ResponseInfo description,
    AttemptTimeout clock,
    Progress progress,
    TimeProvider time
)
{
    // Whoever has said all may still tell the usage, and may forget to hang up.
    private static readonly TimeSpan _afterwards = TimeSpan.FromSeconds(2);
    private const int MaxHeld = 100;

    private readonly IStreamTranslator? _translation = translation?.Stream(
        context.Flight is null ? context.Request.Node : WithUsage(context.Request)
    );
    private readonly List<SseEvent> _held = [];

    // What the client got, or would have got had it asked for the usage: the answer as it will be cached.
    private readonly List<SseEvent>? _kept = context.Flight is null ? null : [];

    /// <summary>Forwards the whole stream.</summary>
    public async Task<AttemptResult> RunAsync(IAsyncEnumerable<SseEvent> events)
    {
        var reader = adapter.CreateStreamReader();
        progress.Reader = reader;
        var asked = time.GetTimestamp();
        try
        {
            await foreach (var item in events)
            {
                var kind = reader.Read(item);
                if (kind == StreamEventKind.Error)
                {
                    return progress.Failed(
                        reader.Metadata.Failure ?? new(ErrorCategory.ServerError, "the provider failed")
                    );
                }

                if (kind == StreamEventKind.End)
                {
                    break;
                }

                context.Capture?.Heard(item);
                if (kind == StreamEventKind.Content && !progress.HasBegun)
                {
                    context.RetryDelay += time.GetElapsedTime(asked);
                    await BeginAsync();
                }

                await ForwardAsync(item, kind);
                if (reader.IsComplete)
                {
                    clock.Restart(_afterwards);
                }
            }
        }
        catch (OperationCanceledException) when (reader.IsComplete && !context.RequestAborted.IsCancellationRequested)
        {
            // It has said all and only forgot to hang up.
        }
        catch (ProviderException) when (reader.IsComplete)
        {
            // It has said all and hung up rudely.
        }

        if (!reader.IsComplete || !progress.HasBegun)
        {
            return progress.Failed(new(ErrorCategory.InvalidResponse, "the answer was cut before its end"));
        }

        foreach (var item in _translation?.Complete() ?? [])
        {
            await SendTranslatedAsync(item);
        }

        var client = ProtocolAdapters.For(context.Request.Protocol);
        await WaitsAsync(); // all but the end, which nobody gets whose answer cannot be recorded
        context.Answered(
            target,
            reader.Metadata,
            reader.OutputCharacters,
            () => JsonSerializer.SerializeToUtf8Bytes(client.Aggregate(_kept!), WireJson.Options)
        );
        foreach (var item in client.StreamEnd)
        {
            await context.Writer.WriteEventAsync(item, context.RequestAborted);
        }

        return new(reader.Metadata, reader.OutputCharacters, null, HasBegun: true);
    }

    /// <summary>More has to be waited for.</summary>
    public ValueTask WaitsAsync() => context.Writer.SendAsync(context.RequestAborted);

    /// <summary>Something has come. Comments keep an answer alive that has begun; they are no first token.</summary>
    public void Heard()
    {
        if (progress.HasBegun && progress.Reader is { IsComplete: false })
        {
            clock.Restart(context.Timeouts.Silence);
        }
    }

    private async ValueTask BeginAsync()
    {
        context.FirstChunk = time.GetTimestamp();
        clock.Restart(context.Timeouts.Silence);
        context.Writer.BeginStream(description);
        progress.HasBegun = true;
        foreach (var item in _held)
        {
            await context.Writer.WriteEventAsync(item, context.RequestAborted);
        }

        _held.Clear();
    }

    private async ValueTask ForwardAsync(SseEvent item, StreamEventKind kind)
    {
        if (_translation is not null)
        {
            foreach (var translated in _translation.Translate(item))
            {
                await SendTranslatedAsync(translated);
            }

            return;
        }

        _kept?.Add(item);
        if (kind != StreamEventKind.Usage || context.Request.WantsUsage)
        {
            await SendAsync(item);
        }
    }

    private ValueTask SendTranslatedAsync(SseEvent item)
    {
        _kept?.Add(item);
        return
            _kept is not null
            && !context.Request.WantsUsage
            && context.Request.Protocol == Protocol.ChatCompletions
            && new ChatStreamReader().Read(item) == StreamEventKind.Usage
            ? ValueTask.CompletedTask
            : SendAsync(item);
    }

    private static JsonObject WithUsage(InferenceRequest request)
    {
        var body = (JsonObject)request.Node.DeepClone();
        if (request.Protocol == Protocol.ChatCompletions)
        {
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        }

        return body;
    }

    private ValueTask SendAsync(SseEvent item)
    {
        if (progress.HasBegun)
        {
            return context.Writer.WriteEventAsync(item, context.RequestAborted);
        }

        if (_held.Count == MaxHeld)
        {
            throw new ProviderException(new(ErrorCategory.InvalidResponse, "the stream does not come to the answer"));
        }

        _held.Add(item);
        return ValueTask.CompletedTask;
    }
}
