using CogniForge.Llm.Limits;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Gateway;

/// <summary>Writes the response to an HTTP client: a JSON body, or server-sent events.</summary>
internal sealed class ResponseWriter(HttpContext context, Protocol protocol) : IResponseWriter
{
    private readonly HttpResponse _response = context.Response;
    private SseWriter? _stream;

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
        headers.WriteTo(_response, protocol);
        _stream = new(_response);
        _stream.WriteHeaders();
    }

    public ValueTask WriteEventAsync(SseEvent item, CancellationToken cancellationToken) =>
        _stream!.WriteAsync(item, cancellationToken);

    public ValueTask FlushAsync(CancellationToken cancellationToken) =>
        _stream?.FlushAsync(cancellationToken) ?? ValueTask.CompletedTask;

    public ValueTask WriteErrorAsync(ErrorResponse error, CancellationToken cancellationToken) =>
        _stream is { Count: var events }
            ? WriteEventAsync(ProtocolAdapters.For(protocol).StreamError(error.Error, events), cancellationToken)
            : new(ErrorWriter.WriteAsync(context, protocol, error));
}
