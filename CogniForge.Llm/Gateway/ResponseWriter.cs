using System.Buffers;
using System.Globalization;
using System.Text;
using CogniForge.Llm.Caching;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Gateway;

/// <summary>Gives an answer to an HTTP client: as it is, or as server-sent events.</summary>
internal sealed class ResponseWriter(HttpContext context, Protocol protocol) : IResponseWriter
{
    // Nobody waits for the next event before so much is sent.
    private const int MaxUnsent = 16 * 1024;
    private const int MaxHeader = 500;

    private readonly HttpResponse _response = context.Response;
    private int _unsent;

    /// <summary>How many events have been written.</summary>
    public int Events { get; private set; }

    public void WriteLimits(in ReservationResult result, DateTimeOffset now) =>
        LimitHeaders.Set(_response.Headers, result, protocol, now);

    public async ValueTask WriteAnswerAsync(
        ResponseInfo description,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken
    )
    {
        Describe(description);
        _response.ContentType = "application/json";
        _response.ContentLength = body.Length;
        await _response.Body.WriteAsync(body, cancellationToken);
    }

    public void BeginStream(ResponseInfo description)
    {
        Describe(description);
        _response.ContentType = "text/event-stream; charset=utf-8";
        _response.Headers.CacheControl = "no-cache";
        _response.Headers["X-Accel-Buffering"] = "no"; // or nginx collects the stream
    }

    public ValueTask WriteEventAsync(SseEvent item, CancellationToken cancellationToken)
    {
        Write(_response.BodyWriter, item);
        Events++;
        _unsent += item.Data.Length + 1; // one that is empty waits too
        return _unsent < MaxUnsent ? ValueTask.CompletedTask : SendAsync(cancellationToken);
    }

    public async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        if (_unsent == 0)
        {
            return;
        }

        _unsent = 0;
        if ((await _response.BodyWriter.FlushAsync(cancellationToken)).IsCompleted)
        {
            throw new OperationCanceledException("The client has gone.");
        }
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

    private void Describe(ResponseInfo description)
    {
        RequestIds.Set(_response, protocol, description.Id.ToString());
        NameWhoWasAsked(_response, description.Route, description.Target);
        var headers = _response.Headers;
        headers["x-cogniforge-cache"] = description.Cache switch
        {
            CacheStatus.Hit => "hit",
            CacheStatus.Miss => "miss",
            _ => "bypass",
        };
        if (description.Age is { } age)
        {
            headers.Age = ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (description.ProviderRequestId is { } id)
        {
            headers["x-cogniforge-provider-request-id"] = HeaderValue(id);
        }

        if (description.Dropped.Count > 0)
        {
            headers["x-cogniforge-dropped"] = HeaderValue(string.Join(", ", description.Dropped));
        }
    }

    /// <summary>Names the route and the target, as far as there is one.</summary>
    public static void NameWhoWasAsked(HttpResponse response, string? route, string? target)
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

    // A header takes no other characters, and a model's name may have some; clients take 16 KiB of headers in all, and what was dropped is in the client's own words.
    private static string HeaderValue(string text)
    {
        text = text.Length <= MaxHeader ? text : $"{text[..MaxHeader]}...";
        return !text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? text : Uri.EscapeDataString(text);
    }
}
