using CogniForge.Llm.Application.Admission;
using CogniForge.Llm.Application.Caching;
using CogniForge.Llm.Domain;
using CogniForge.Llm.Domain.Failures;
using CogniForge.Llm.Domain.Protocols;
using CogniForge.Llm.Domain.Routing;

namespace CogniForge.Llm.Application;

/// <summary>How are providers reached?</summary>
internal interface ITransport
{
    /// <summary>Whether this transport reaches a kind of provider.</summary>
    bool Serves(ProviderKind kind);

    /// <summary>Sends a request; returns when the answer's status is there.</summary>
    /// <exception cref="TransportException">There is no answer.</exception>
    Task<UpstreamAnswer> SendAsync(UpstreamRequest request, CancellationToken cancellationToken);
}

/// <summary>A request to a provider.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Protocol">The protocol of the body.</param>
/// <param name="Path">The path below the provider's address.</param>
/// <param name="Body">The body, JSON in UTF-8.</param>
/// <param name="Stream">Whether the answer is to be streamed.</param>
/// <param name="Headers">Headers that pass from the client.</param>
internal sealed record UpstreamRequest(
    Provider Provider, Protocol Protocol, string Path, ReadOnlyMemory<byte> Body, bool Stream, IReadOnlyList<KeyValuePair<string, string>> Headers);

/// <summary>A provider's answer, of which the status is known and the rest may still be on its way. Disposing it hangs up.</summary>
internal abstract class UpstreamAnswer : IAsyncDisposable
{
    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>Whether the body is a stream of events.</summary>
    public bool IsStream { get; init; }

    /// <summary>The provider's own id of the request; null: none.</summary>
    public string? RequestId { get; init; }

    /// <summary>How long the provider asks to be left alone: by <c>Retry-After</c>, or because a rate limit is used up; null: it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Reads the whole body.</summary>
    /// <exception cref="TransportException">The body did not come, or is too large.</exception>
    public abstract ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(CancellationToken cancellationToken);

    /// <summary>Reads the body's events as they come.</summary>
    /// <param name="waits">Awaited before each wait for more: all that has come was given.</param>
    /// <param name="heard">Called whenever anything comes, be it only a comment that keeps the connection open.</param>
    /// <param name="cancellationToken">Hangs up.</param>
    /// <exception cref="TransportException">The connection broke.</exception>
    public abstract IAsyncEnumerable<SseEvent> ReadEventsAsync(Func<ValueTask> waits, Action heard, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A provider could not be reached, or the connection broke.</summary>
internal sealed class TransportException(Failure failure, Exception? innerException = null) : Exception(failure.Message, innerException)
{
    /// <summary>What happened.</summary>
    public Failure Failure => failure;
}

/// <summary>Where does the answer go? A method that throws <see cref="OperationCanceledException"/> says that the client has gone.</summary>
internal interface IAnswerWriter
{
    /// <summary>Tells how much of the key's limits is left, before anything else is told.</summary>
    /// <param name="verdict">On the request.</param>
    /// <param name="now">Its moment.</param>
    void TellLimits(in Verdict verdict, DateTimeOffset now);

    /// <summary>Gives a complete answer.</summary>
    ValueTask WriteAnswerAsync(AnswerDescription description, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>Begins a stream. From here on the status is 200, whatever happens.</summary>
    void BeginStream(AnswerDescription description);

    /// <summary>Adds an event to the stream. It goes out by the next <see cref="SendAsync"/>, with the end of the answer, or when much waits.</summary>
    ValueTask WriteEventAsync(SseEvent item, CancellationToken cancellationToken);

    /// <summary>Sends at once what was written of the stream, if anything waits.</summary>
    ValueTask SendAsync(CancellationToken cancellationToken);
}

/// <summary>What the client is told of an answer in headers.</summary>
/// <param name="Id">The gateway's id of the request.</param>
/// <param name="Route">The route's name.</param>
/// <param name="Target">Who answered, <c>provider/model</c>.</param>
/// <param name="ProviderRequestId">The provider's id of the request; null: none.</param>
/// <param name="Dropped">Fields of the request that the target has no equivalent for.</param>
/// <param name="Cache">How the cache took part.</param>
/// <param name="Age">How old a cached answer is; null: it is none.</param>
internal sealed record AnswerDescription(Guid Id, string Route, string Target, string? ProviderRequestId, IReadOnlyList<string> Dropped, CacheResult Cache, TimeSpan? Age = null);

/// <summary>Which requests were dealt with?</summary>
internal interface ICompletionStore
{
    /// <summary>Stores records; one that is there already stays as it is.</summary>
    Task AddAsync(IReadOnlyList<CompletionRecord> records, CancellationToken cancellationToken);
}
