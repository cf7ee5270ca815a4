using System.Buffers;
using System.Text;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Gateway;

/// <summary>Writes the response to an HTTP client: a JSON body, or server-sent events.</summary>
internal sealed class ResponseWriter(HttpContext context, Protocol protocol) : IResponseWriter, IAsyncDisposable
{
    // Many events that arrive together are sent together, up to this size in bytes.
    private const int MaxUnsent = 16 * 1024;

    private readonly HttpResponse _response = context.Response;
    private KeepAlive? _keepAlive;
    private bool _isStream;
    private int _events;
    private int _unsent;

    public void WriteLimits(in ReservationResult result, DateTimeOffset now)
    {
        _keepAlive?.Enter();
        if (!_isStream)
        {
            LimitHeaders.Set(_response.Headers, result, protocol, now);
        }

        _keepAlive?.Exit(hasSent: false);
    }

    public async ValueTask WriteResponseAsync(
        ResponseHeaders headers,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken
    )
    {
        headers.WriteTo(_response, protocol);
        _response.ContentType = "application/json";
        _response.ContentLength = body.Length;
        await _response.Body.WriteAsync(body, cancellationToken);
    }

    public void StartKeepAlives(TimeSpan interval, ResponseHeaders headers, TimeProvider time) =>
        _keepAlive = interval > TimeSpan.Zero ? new(interval, () => SendKeepAliveAsync(headers), time) : null;

    public void BeginStream(ResponseHeaders headers)
    {
        _keepAlive?.Enter();
        Begin(headers);
        _keepAlive?.Exit(hasSent: false);
    }

    public ValueTask WriteEventAsync(SseEvent item, CancellationToken cancellationToken)
    {
        var turn = _keepAlive?.EnterAsync() ?? default;
        return turn.IsCompletedSuccessfully
            ? Add(item, cancellationToken)
            : AddAfterAsync(turn, item, cancellationToken);
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_unsent == 0)
        {
            return;
        }

        if (_keepAlive is not null)
        {
            await _keepAlive.EnterAsync();
        }

        await SendAsync(cancellationToken);
    }

    public async ValueTask WriteErrorAsync(ErrorResponse error, CancellationToken cancellationToken)
    {
        await DisposeAsync(); // nothing follows an error
        if (_isStream)
        {
            await WriteEventAsync(ProtocolAdapters.For(protocol).StreamError(error.Error, _events), cancellationToken);
        }
        else
        {
            await ErrorWriter.WriteAsync(context, protocol, error);
        }
    }

    /// <summary>Sends no further keep-alive.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _keepAlive, null) is { } keepAlive)
        {
            await keepAlive.DisposeAsync();
        }
    }

    private async ValueTask AddAfterAsync(ValueTask turn, SseEvent item, CancellationToken cancellationToken)
    {
        await turn;
        await Add(item, cancellationToken);
    }

    /// <summary>Adds an event, and ends the turn.</summary>
    private ValueTask Add(SseEvent item, CancellationToken cancellationToken)
    {
        Write(_response.BodyWriter, item);
        _events++;
        _unsent += item.Data.Length + 1; // above 0 for an empty event too
        if (_unsent >= MaxUnsent)
        {
            return SendAsync(cancellationToken);
        }

        _keepAlive?.Exit(hasSent: false);
        return ValueTask.CompletedTask;
    }

    /// <summary>Sends what is written, and ends the turn.</summary>
    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            _unsent = 0;
            if ((await _response.BodyWriter.FlushAsync(cancellationToken)).IsCompleted)
            {
                throw new OperationCanceledException("The client disconnected.");
            }
        }
        finally
        {
            _keepAlive?.Exit(hasSent: true);
        }
    }

    private async ValueTask SendKeepAliveAsync(ResponseHeaders headers)
    {
        Begin(headers);
        _response.BodyWriter.Write(ProtocolAdapters.For(protocol).KeepAlive.Span);
        await _response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private void Begin(ResponseHeaders headers)
    {
        if (_isStream)
        {
            return;
        }

        _isStream = true;
        headers.WriteTo(_response, protocol);
        _response.ContentType = "text/event-stream; charset=utf-8";
        _response.Headers.CacheControl = "no-cache";
        _response.Headers["X-Accel-Buffering"] = "no"; // otherwise nginx buffers the stream
    }

    private static void Write(IBufferWriter<byte> writer, SseEvent item)
    {
        if (item.Name is not null)
        {
            writer.Write("event: "u8);
            writer.Write(Encoding.UTF8.GetBytes(item.Name));
            writer.Write("\n"u8);
        }

        var data = item.Data.Span;
        int end;
        do
        {
            end = data.IndexOf((byte)'\n');
            writer.Write("data: "u8);
            writer.Write(end < 0 ? data : data[..end]);
            writer.Write("\n"u8);
            data = data[(end + 1)..];
        } while (end >= 0);
        writer.Write("\n"u8);
    }
}
