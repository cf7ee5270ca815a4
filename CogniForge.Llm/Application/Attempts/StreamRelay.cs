using CogniForge.Llm.Domain.Failures;
using CogniForge.Llm.Domain.Protocols;
using CogniForge.Llm.Domain.Routing;

namespace CogniForge.Llm.Application.Attempts;

/// <summary>
/// Forwards a stream, each event as it comes. Nothing goes out before the first part of the answer is there, so that until then another target may still answer;
/// a stream counts as whole only when the provider has said so.
/// </summary>
internal sealed class StreamRelay(
    Exchange exchange, ResolvedTarget target, Dialect dialect, ITranslation? translation, AnswerDescription description, AttemptClock clock, Progress progress, TimeProvider time)
{
    // Whoever has said all may still tell the usage, and may forget to hang up.
    private static readonly TimeSpan _afterwards = TimeSpan.FromSeconds(2);
    private const int MaxHeld = 100;

    private readonly IStreamTranslation? _translation = translation?.Stream(exchange.Request.Node);
    private readonly List<SseEvent> _held = [];

    /// <summary>Forwards the whole stream.</summary>
    public async Task<AttemptResult> RunAsync(UpstreamAnswer answer)
    {
        var reader = dialect.ReadStream();
        progress.Reader = reader;
        var asked = time.GetTimestamp();
        try
        {
            await foreach (var item in answer.ReadEventsAsync(Heard, clock.Token))
            {
                var kind = reader.Read(item);
                if (kind == EventKind.Error)
                {
                    return progress.Failed(reader.Facts.Failure ?? new(ErrorCategory.ServerError, "the provider failed"));
                }

                if (kind == EventKind.End)
                {
                    break;
                }

                if (kind == EventKind.Content && !progress.HasBegun)
                {
                    exchange.Waited += time.GetElapsedTime(asked);
                    await BeginAsync();
                }

                await ForwardAsync(item, kind);
                if (reader.IsComplete)
                {
                    clock.Restart(_afterwards);
                }
            }
        }
        catch (OperationCanceledException) when (reader.IsComplete && !exchange.ClientGone.IsCancellationRequested)
        {
            // It has said all and only forgot to hang up.
        }
        catch (TransportException) when (reader.IsComplete)
        {
            // It has said all and hung up rudely.
        }

        if (!reader.IsComplete || !progress.HasBegun)
        {
            return progress.Failed(new(ErrorCategory.BrokenAnswer, "the answer was cut before its end"));
        }

        foreach (var item in _translation?.Complete() ?? [])
        {
            await exchange.Writer.WriteEventAsync(item, exchange.ClientGone);
        }

        exchange.Answered(target, reader.Facts, reader.OutputCharacters);
        foreach (var item in Dialects.Of(exchange.Request.Protocol).End)
        {
            await exchange.Writer.WriteEventAsync(item, exchange.ClientGone);
        }

        return new(reader.Facts, reader.OutputCharacters, null, HasBegun: true);
    }

    /// <summary>Comments keep an answer alive that has begun; they are no first token.</summary>
    private void Heard()
    {
        if (progress.HasBegun && progress.Reader is { IsComplete: false })
        {
            clock.Restart(exchange.Timeouts.Silence);
        }
    }

    private async ValueTask BeginAsync()
    {
        exchange.FirstChunk = time.GetTimestamp();
        clock.Restart(exchange.Timeouts.Silence);
        await exchange.Writer.BeginStreamAsync(description, exchange.ClientGone);
        progress.HasBegun = true;
        foreach (var item in _held)
        {
            await exchange.Writer.WriteEventAsync(item, exchange.ClientGone);
        }

        _held.Clear();
    }

    private async ValueTask ForwardAsync(SseEvent item, EventKind kind)
    {
        if (_translation is not null)
        {
            foreach (var translated in _translation.Translate(item))
            {
                await SendAsync(translated);
            }
        }
        else if (kind != EventKind.Usage || exchange.Request.WantsUsage)
        {
            await SendAsync(item);
        }
    }

    private ValueTask SendAsync(SseEvent item)
    {
        if (progress.HasBegun)
        {
            return exchange.Writer.WriteEventAsync(item, exchange.ClientGone);
        }

        if (_held.Count == MaxHeld)
        {
            throw new TransportException(new(ErrorCategory.BrokenAnswer, "the stream does not come to the answer"));
        }

        _held.Add(item);
        return ValueTask.CompletedTask;
    }
}
