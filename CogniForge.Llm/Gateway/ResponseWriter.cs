using System.Buffers;
using System.Text;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Gateway;

/// <summary>Writes the response to an HTTP client: a JSON body, or server-sent events.</summary>
internal sealed class ResponseWriter(HttpContext context, Protocol protocol) : IResponseWriter
{
    // Many events that arrive together are sent together, up to this size in bytes.
    private const int MaxUnsent = 16 * 1024;

    private readonly HttpResponse _response = context.Response;
    private bool _isStream;
    private int _events;
    private int _unsent;

    public void WriteLimits(in ReservationResult result, DateTimeOffset now) =>
        LimitHeaders.Set(_response.Headers, result, protocol, now);

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

    public void BeginStream(ResponseHeaders headers)
    {
        _isStream = true;
        headers.WriteTo(_response, protocol);
        _response.ContentType = "text/event-stream; charset=utf-8";
        _response.Headers.CacheControl = "no-cache";
        _response.Headers["X-Accel-Buffering"] = "no"; // otherwise nginx buffers the stream
    }

    public ValueTask WriteEventAsync(SseEvent item, CancellationToken cancellationToken)
    {
        Write(_response.BodyWriter, item);
        _events++;
        _unsent += item.Data.Length + 1; // above 0 for an empty event too
        return _unsent < MaxUnsent ? ValueTask.CompletedTask : FlushAsync(cancellationToken);
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_unsent == 0)
        {
            return;
        }

        _unsent = 0;
        if ((await _response.BodyWriter.FlushAsync(cancellationToken)).IsCompleted)
        {
            throw new OperationCanceledException("The client disconnected.");
        }
    }

    public ValueTask WriteErrorAsync(ErrorResponse error, CancellationToken cancellationToken) =>
        _isStream
            ? WriteEventAsync(ProtocolAdapters.For(protocol).StreamError(error.Error, _events), cancellationToken)
            : new(ErrorWriter.WriteAsync(context, protocol, error));

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
