using CogniForge.Llm.Limits;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Gateway;

/// <summary>
/// Writes the response to the client. Methods throw <see cref="OperationCanceledException"/> when the client
/// disconnects.
/// </summary>
internal interface IResponseWriter
{
    /// <summary>Writes the remaining limits to the headers, unless a keep-alive has begun the stream.</summary>
    /// <param name="result">The result of the reservation.</param>
    /// <param name="now">The time of the reservation.</param>
    void WriteLimits(in ReservationResult result, DateTimeOffset now);

    /// <summary>Writes a complete response.</summary>
    ValueTask WriteResponseAsync(
        ResponseHeaders headers,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Sends keep-alives to the client of a stream while nothing else is sent, so that proxies do not close the
    /// connection. The first begins the stream, with status 200.
    /// </summary>
    /// <param name="interval">The silence before each keep-alive; zero: none are sent.</param>
    /// <param name="headers">The headers if a keep-alive begins the stream.</param>
    /// <param name="time">The clock.</param>
    void StartKeepAlives(TimeSpan interval, ResponseHeaders headers, TimeProvider time);

    /// <summary>Sends no further keep-alive.</summary>
    ValueTask StopKeepAlivesAsync();

    /// <summary>Begins a stream, with status 200, unless a keep-alive has begun it.</summary>
    void BeginStream(ResponseHeaders headers);

    /// <summary>
    /// Adds an event to the stream. It is sent with the next flush, at the end of the response, or when many wait.
    /// </summary>
    ValueTask WriteEventAsync(SseEvent item, CancellationToken cancellationToken);

    /// <summary>Sends the written events to the client.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>Writes an error: as the response, or as the last event of a stream that has begun.</summary>
    ValueTask WriteErrorAsync(ErrorResponse error, CancellationToken cancellationToken);
}
