using System.Buffers;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Providers;
using CogniForge.Llm.Resilience;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Overload;

namespace CogniForge.Llm.PassThrough;

/// <summary>Passes on what arrives of a provider's response: the events of a stream, or a file.</summary>
internal sealed class PassThroughForwarder(
    InferenceContext context,
    PassThroughRequest request,
    AttemptProgress progress,
    AttemptTimeout timeout,
    ProviderResponse response,
    TimeProvider time
)
{
    private const int BufferBytes = 32 * 1024;

    private readonly Turn _turn = new();
    private readonly ResponseHeaders _headers = context.DescribeHeaders(progress.Target, response.RequestId, []);

    /// <summary>
    /// Forwards a stream, with keep-alives, and keeps its usage in the progress, in case the client disconnects.
    /// </summary>
    /// <exception cref="OperationCanceledException">The client disconnected, or a timeout expired.</exception>
    /// <exception cref="ProviderException">The provider's connection broke.</exception>
    public async Task<AttemptResult> ForwardEventsAsync()
    {
        var (metadata, output) = (new ResponseMetadata(null, null, null, null), new TextSample());
        (progress.Metadata, progress.Output) = (metadata, output);
        var isEmpty = true;
        context.Writer.StartKeepAlives(progress.Target.Timeouts.KeepAlive, _headers, time);
        try
        {
            await foreach (var item in response.ReadEventsAsync(FlushAsync, timeout.Extend, timeout.Token))
            {
                Begin(() => context.Writer.BeginStream(_headers));
                isEmpty = false;
                var known = metadata.Usage;
                progress.Metadata = metadata = PassThroughUsage.Add(metadata, item);
                await _turn.NextAsync();
                if (!request.WantsUsage && PassThroughUsage.IsOnlyUsage(item))
                {
                    continue;
                }

                PassThroughUsage.AddText(output, item.Data);
                var isHidden = !request.WantsUsage && !ReferenceEquals(known, metadata.Usage);
                await WaitForClientAsync(
                    context.Writer.WriteEventAsync(isHidden ? ChatUsage.Remove(item) : item, context.RequestAborted)
                );
            }

            await FlushAsync();
        }
        finally
        {
            // After a keep-alive, no other target can take over: its response may be no stream.
            await context.Writer.StopKeepAlivesAsync();
            progress.HasBegun |= request.Http.Response.HasStarted;
        }

        return progress.ToResult(isEmpty ? new(ErrorCategory.InvalidResponse, "the stream is empty") : null);
    }

    /// <summary>
    /// Copies a file; for HEAD only its headers. It is never held as a whole, so it takes nothing from its key's share
    /// of memory.
    /// </summary>
    /// <inheritdoc cref="ForwardEventsAsync" path="/exception"/>
    public async Task<AttemptResult> CopyAsync()
    {
        if (HeadRequest.Is(request.Http))
        {
            Begin(WriteFileHeaders);
            return progress.ToResult();
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var length = new AudioLength();
        try
        {
            await using var body = await ReadAsync(new ValueTask<Stream>(response.OpenBodyAsync(timeout.Token)));
            var read = await ReadAsync(body.ReadAsync(buffer, timeout.Token));
            Begin(WriteFileHeaders);
            while (read > 0)
            {
                if (request.AudioBytes is { } audio)
                {
                    length.Add(buffer.AsSpan(0, read));
                    progress.Metadata = length.Estimate(null, audio);
                }

                await WaitForClientAsync(
                    request.Http.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted)
                );
                read = await ReadAsync(body.ReadAsync(buffer, timeout.Token));
                timeout.Extend();
                await _turn.NextAsync();
            }

            return progress.ToResult();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Begin(Action begin)
    {
        if (!progress.HasBegun)
        {
            context.FirstChunk = time.GetTimestamp();
            timeout.Restart(progress.Target.Timeouts.Silence);
            begin();
            progress.HasBegun = true;
        }
    }

    private void WriteFileHeaders()
    {
        var http = request.Http.Response;
        _headers.WriteTo(http, request.Protocol);
        http.ContentType = response.ContentHeaders?.ContentType?.ToString();
        if (response.ContentHeaders?.ContentDisposition is { } disposition)
        {
            http.Headers.ContentDisposition = disposition.ToString();
        }
    }

    private async ValueTask<T> ReadAsync<T>(ValueTask<T> read)
    {
        try
        {
            return await read;
        }
        catch (Exception e) when (response.IsBroken(e))
        {
            throw ProviderResponse.Broken(e);
        }
    }

    private ValueTask FlushAsync() => WaitForClientAsync(context.Writer.FlushAsync(context.RequestAborted));

    private ValueTask WaitForClientAsync(ValueTask write) => write.IsCompleted ? write : PauseAsync(write);

    /// <summary>Does not hold the provider to account for a client that reads slowly or not at all.</summary>
    private async ValueTask PauseAsync(ValueTask write)
    {
        progress.HasWaitedForClient = true;
        timeout.Pause();
        await write;
        timeout.Resume();
    }
}
