using CogniForge.Llm.Limits;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Gateway;

/// <summary>Where does the answer go? A method that throws <see cref="OperationCanceledException"/> says that the client has gone.</summary>
internal interface IResponseWriter
{
    /// <summary>Tells how much of the key's limits is left, before anything else is told.</summary>
    /// <param name="result">On the request.</param>
    /// <param name="now">Its moment.</param>
    void WriteLimits(in ReservationResult result, DateTimeOffset now);

    /// <summary>Gives a complete answer.</summary>
    ValueTask WriteAnswerAsync(
        ResponseInfo description,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken
    );

    /// <summary>Begins a stream. From here on the status is 200, whatever happens.</summary>
    void BeginStream(ResponseInfo description);

    /// <summary>Adds an event to the stream. It goes out by the next <see cref="SendAsync"/>, with the end of the answer, or when much waits.</summary>
    ValueTask WriteEventAsync(SseEvent item, CancellationToken cancellationToken);

    /// <summary>Sends at once what was written of the stream, if anything waits.</summary>
    ValueTask SendAsync(CancellationToken cancellationToken);
}
