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
        SseWriter.WriteHeaders(_response);
    }

    public ValueTask WriteEventAsync(SseEvent item, CancellationToken cancellationToken)
    {
        SseWriter.Write(_response.BodyWriter, item);
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
}
