using System.Text.Json;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Providers;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Telemetry;
using CogniForge.ServiceDefaults.Overload;

namespace CogniForge.Llm.Gateway;

/// <summary>
/// Forwards the events of a provider's stream, except the terminator. Holds them back until the first output, because
/// until then another target can still take over.
/// </summary>
internal sealed class StreamForwarder(
    InferenceContext context,
    ProviderCall call,
    ProviderResponse response,
    ResponseHeaders headers,
    AttemptProgress progress,
    ContentCapture? capture,
    AttemptTimeout timeout,
    TimeProvider time
)
{
    // After the finish reason a provider may still send the usage, and some never close the connection.
    private static readonly TimeSpan _maxUsageWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _maxTail = TimeSpan.FromSeconds(2);
    private const int MaxHeld = 100;

    private readonly ProtocolStreamReader _reader = call.Adapter.CreateStreamReader();
    private readonly IStreamTranslator? _translator = call.Translator?.Stream(context.Request.Node);
    private readonly TranslatedOutput? _output = call.Translator is null ? null : new(response.BeforeBytes);
    private readonly ChoiceRepair? _repair =
        call.Adapter.Protocol == Protocol.ChatCompletions ? ChoiceRepair.ForStream() : null;
    private readonly List<SseEvent> _held = [];
    private readonly Turn _turn = new();
    private TimeSpan _limit;
    private bool _hasNewUsage; // in the last event
    private readonly StreamCopy? _copy = context.IsCacheable
        ? new(context.Request.Protocol, context.InFlight!.MaxStreamBytes)
        : null;

    private bool HasFinalUsage => _reader.Metadata is { HasUsage: true, IsUsageProvisional: false };

    /// <summary>Forwards the stream, and flushes all events except the terminator.</summary>
    /// <exception cref="OperationCanceledException">The client disconnected, or a timeout expired.</exception>
    /// <exception cref="ProviderException">The provider's connection broke.</exception>
    /// <exception cref="JsonException">An event does not follow the protocol.</exception>
    public async Task<AttemptResult> RunAsync(IAsyncEnumerable<SseEvent> events)
    {
        progress.Reader = _reader;
        try
        {
            if (await ForwardAsync(events) is { } error)
            {
                return progress.ToResult(error);
            }
        }
        catch (OperationCanceledException) when (_reader.IsComplete && timeout.HasExpired)
        {
            // The response is complete; the provider only did not close the connection.
        }
        catch (Exception e) when (e is ProviderException or JsonException && _reader.IsComplete)
        {
            // The response is complete; the provider only reset the connection, or cut a last event short.
        }

        if (!_reader.IsComplete || !progress.HasBegun)
        {
            return progress.ToResult(
                new(ErrorCategory.InvalidResponse, "the stream ended before the response was complete")
            );
        }

        var usage = _translator is null ? null : GetUsage();
        foreach (var item in _translator is null ? [] : CompleteTranslation(_translator, usage!))
        {
            await CopyAndSendAsync(item);
        }

        await FlushAsync();
        return progress.ToResult() with { Body = _copy?.Aggregate(usage) };
    }

    /// <summary>Sends all written events to the client.</summary>
    public ValueTask FlushAsync() => WaitForClientAsync(context.Writer.FlushAsync(context.RequestAborted));

    /// <summary>Extends the timeout after received bytes, even those of comments: the provider is alive.</summary>
    public void OnActivity()
    {
        if (!_reader.IsComplete)
        {
            timeout.Extend();
        }
    }

    private TokenUsage GetUsage() =>
        TokenEstimator.Complete(_reader.Metadata, context.Request, _reader.Output, progress.Target.Model);

    /// <summary>The last events, one at a time: several may have all of the text.</summary>
    private IEnumerable<SseEvent> CompleteTranslation(IStreamTranslator translator, TokenUsage usage)
    {
        var isKnown = _reader.HasUsageInPlace && ReferenceEquals(usage, _reader.Metadata.Usage);
        foreach (
            var item in isKnown
                ? []
                : translator.Translate(TranslatedUsage.CreateEvent(call.Adapter.Protocol, usage))
        )
        {
            yield return item;
        }

        foreach (var item in translator.Complete())
        {
            yield return item;
        }
    }

    /// <summary>Forwards events up to the end of the stream or its error.</summary>
    private async Task<ProviderError?> ForwardAsync(IAsyncEnumerable<SseEvent> events)
    {
        var started = time.GetTimestamp();
        var isDone = false;
        await foreach (var item in events)
        {
            var known = _reader.Output.Characters;
            var kind = Read(item);
            if (_output is not null)
            {
                await _output.AddAsync(_reader.Output.Characters - known, item.Data.Length, timeout.Token);
            }

            if (isDone)
            {
                if (kind == StreamEventKind.Usage)
                {
                    await ForwardAsync(item, kind);
                    break;
                }

                continue;
            }

            if (kind == StreamEventKind.Error)
            {
                return _reader.Metadata.Error ?? new(ErrorCategory.ServerError, "the provider failed in the stream");
            }

            if (kind == StreamEventKind.End)
            {
                if (HasFinalUsage || !_reader.IsComplete)
                {
                    break;
                }

                // Some relays send the usage only now.
                isDone = true;
                timeout.Restart(_maxTail);
                continue;
            }

            capture?.AddEvent(item);
            if (kind == StreamEventKind.Content && !progress.HasBegun)
            {
                context.WaitTime += time.GetElapsedTime(started);
                await BeginAsync();
            }

            await ForwardAsync(item, kind);
            SetTimeout();
            await _turn.NextAsync();
        }

        return null;
    }

    /// <summary>Reads an event. One that cannot be used counts like a whole response that cannot.</summary>
    private StreamEventKind Read(SseEvent item)
    {
        var usage = _reader.Metadata.Usage;
        try
        {
            var kind = _reader.Read(item);
            _hasNewUsage = !ReferenceEquals(usage, _reader.Metadata.Usage);
            return kind;
        }
        catch (JsonException) when (!_reader.IsComplete && item.Data.Span.TrimStart(" \t\r\n"u8).StartsWith("{"u8))
        {
            progress.HasResponse = true;
            progress.Output = _reader.Output.Characters > 0 ? null : TextSample.From(item.Data.Span);
            throw;
        }
    }

    /// <summary>Sets the timeout of the phase that an event has begun; further events do not extend the end.</summary>
    private void SetTimeout()
    {
        var limit =
            !progress.HasBegun ? _limit
            : !_reader.IsComplete ? progress.Target.Timeouts.Silence
            : HasFinalUsage ? _maxTail
            : _maxUsageWait;
        if (limit != _limit)
        {
            timeout.Restart(_limit = limit);
        }
    }

    private async ValueTask BeginAsync()
    {
        context.FirstChunk = time.GetTimestamp();
        context.Writer.BeginStream(headers);
        progress.HasBegun = true;
        SetTimeout();
        foreach (var item in _held)
        {
            await WriteAsync(item);
        }

        _held.Clear();
    }

    private async ValueTask ForwardAsync(SseEvent item, StreamEventKind kind)
    {
        if (_translator is not null)
        {
            foreach (var translated in _translator.Translate(item))
            {
                await CopyAndSendAsync(translated);
            }

            return;
        }

        item = _repair?.Repair(item) ?? item;
        _copy?.Add(item);
        if (context.Request.WantsUsage || !_hasNewUsage || call.Adapter.Protocol != Protocol.ChatCompletions)
        {
            await SendAsync(item);
        }
        else if (kind != StreamEventKind.Usage)
        {
            await SendAsync(ChatUsage.Remove(item)); // the gateway requested it, not the client
        }
    }

    private ValueTask WriteAsync(SseEvent item) =>
        WaitForClientAsync(context.Writer.WriteEventAsync(item, context.RequestAborted));

    private ValueTask WaitForClientAsync(ValueTask write) => write.IsCompleted ? write : PauseAsync(write);

    /// <summary>
    /// Holds neither the provider nor identical requests to account for a client that reads slowly or not at all.
    /// </summary>
    private async ValueTask PauseAsync(ValueTask write)
    {
        progress.HasWaitedForClient = true;
        context.InFlight?.Release();
        timeout.Pause();
        await write;
        timeout.Resume();
    }

    private ValueTask CopyAndSendAsync(SseEvent item)
    {
        _copy?.Add(item);
        return SendAsync(item);
    }

    private ValueTask SendAsync(SseEvent item)
    {
        if (progress.HasBegun)
        {
            return WriteAsync(item);
        }

        // Relays send empty chunks while they wait. What opens a message comes first, what opens a part of it last.
        if (_held.Count == MaxHeld)
        {
            _held.RemoveAt(MaxHeld / 2);
        }

        _held.Add(item);
        return ValueTask.CompletedTask;
    }
}
