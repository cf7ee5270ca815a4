using CogniForge.Llm.Limits;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Gateway;

/// <summary>
/// Writes the response to the client. Methods throw <see cref="OperationCanceledException"/> when the client
/// disconnects.
/// </summary>
internal interface IResponseWriter
{
    /// <summary>Writes the remaining limits to the headers; call it before any other method.</summary>
    /// <param name="result">The result of the reservation.</param>
    /// <param name="now">The time of the reservation.</param>
    void WriteLimits(in ReservationResult result, DateTimeOffset now);

    /// <summary>Writes a complete response.</summary>
    ValueTask WriteResponseAsync(
        ResponseHeaders headers,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken
    );

    /// <summary>Begins a stream, with status 200.</summary>
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
