using System.Buffers;
using System.Globalization;
using System.Text;
using CogniForge.Llm.Caching;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Gateway;

/// <summary>Writes the response to an HTTP client: a JSON body, or server-sent events.</summary>
internal sealed class ResponseWriter(HttpContext context, Protocol protocol) : IResponseWriter
{
    // Many events that arrive together are sent together, up to this size in bytes.
    private const int MaxUnsent = 16 * 1024;
    private const int MaxHeader = 500;

    private readonly HttpResponse _response = context.Response;
    private bool _isStream;
    private int _events;
    private int _unsent;

    public void WriteLimits(in ReservationResult result, DateTimeOffset now) =>
        LimitHeaders.Set(_response.Headers, result, protocol, now);

    public async ValueTask WriteResponseAsync(
        ResponseInfo info,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken
    )
    {
        WriteHeaders(info);
        _response.ContentType = "application/json";
        _response.ContentLength = body.Length;
        await _response.Body.WriteAsync(body, cancellationToken);
    }

    public void BeginStream(ResponseInfo info)
    {
        _isStream = true;
        WriteHeaders(info);
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

    private void WriteHeaders(ResponseInfo info)
    {
        RequestIds.Set(_response, protocol, info.Id.ToString());
        WriteRoute(_response, info.Route, info.Target);
        var headers = _response.Headers;
        headers["x-cogniforge-cache"] = info.Cache switch
        {
            CacheStatus.Hit => "hit",
            CacheStatus.Miss => "miss",
            _ => "bypass",
        };
        if (info.Age is { } age)
        {
            headers.Age = ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (info.ProviderRequestId is { } id)
        {
            headers["x-cogniforge-provider-request-id"] = HeaderValue(id);
        }

        if (info.Dropped.Count > 0)
        {
            headers["x-cogniforge-dropped"] = HeaderValue(string.Join(", ", info.Dropped));
        }
    }

    /// <summary>Writes the headers that name the route and the target, unless they are null.</summary>
    public static void WriteRoute(HttpResponse response, string? route, string? target)
    {
        if (route is not null)
        {
            response.Headers["x-cogniforge-route"] = HeaderValue(route);
        }

        if (target is not null)
        {
            response.Headers["x-cogniforge-target"] = HeaderValue(target);
        }
    }

    // Names may contain characters that a header must not, and clients accept only 16 KiB of headers in total.
    private static string HeaderValue(string text)
    {
        text = text.Length <= MaxHeader ? text : $"{text[..MaxHeader]}...";
        return !text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? text : Uri.EscapeDataString(text);
    }
}
