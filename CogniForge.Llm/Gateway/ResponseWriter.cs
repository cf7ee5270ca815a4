using CogniForge.Llm.Limits;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Gateway;

/// <summary>Writes the response to an HTTP client: a JSON body, or server-sent events.</summary>
internal sealed class ResponseWriter(HttpContext context, Protocol protocol) : IResponseWriter, IAsyncDisposable
{
    private readonly HttpResponse _response = context.Response;
    private readonly SseWriter _stream = new(context.Response);
    private readonly Lock _headers = new();
    private KeepAlive? _keepAlive;

    public void WriteLimits(in ReservationResult result, DateTimeOffset now)
    {
        lock (_headers)
        {
            if (!_stream.HasBegun)
            {
                LimitHeaders.Set(_response.Headers, result, protocol, now);
            }
        }
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
        lock (_headers)
        {
            if (!_stream.HasBegun)
            {
                headers.WriteTo(_response, protocol);
                _stream.Begin();
            }
        }
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
        if (!_stream.HasUnsent)
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
        await StopKeepAlivesAsync(); // nothing follows an error
        if (_stream.HasBegun)
        {
            var last = ProtocolAdapters.For(protocol).StreamError(error.Error, _stream.Count);
            await WriteEventAsync(last, cancellationToken);
        }
        else
        {
            await ErrorWriter.WriteAsync(context, protocol, error);
        }
    }

    public ValueTask DisposeAsync() => StopKeepAlivesAsync();

    public async ValueTask StopKeepAlivesAsync()
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
        _stream.Add(item);
        if (_stream.IsFull)
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
            await _stream.FlushAsync(cancellationToken);
        }
        finally
        {
            _keepAlive?.Exit(hasSent: true);
        }
    }

    private async ValueTask SendKeepAliveAsync(ResponseHeaders headers)
    {
        BeginStream(headers);
        await _stream.SendAsync(ProtocolAdapters.For(protocol).KeepAlive, context.RequestAborted);
    }
}
