using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Providers;

/// <summary>A provider's answer, of which the status is known and the rest may still be on its way. Disposing it hangs up.</summary>
internal abstract class ProviderResponse : IAsyncDisposable
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
    /// <exception cref="ProviderException">The body did not come, or is too large.</exception>
    public abstract ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(CancellationToken cancellationToken);

    /// <summary>Reads the body's events as they come.</summary>
    /// <param name="waits">Awaited before each wait for more: all that has come was given.</param>
    /// <param name="heard">Called whenever anything comes, be it only a comment that keeps the connection open.</param>
    /// <param name="cancellationToken">Hangs up.</param>
    /// <exception cref="ProviderException">The connection broke.</exception>
    public abstract IAsyncEnumerable<SseEvent> ReadEventsAsync(
        Func<ValueTask> waits,
        Action heard,
        CancellationToken cancellationToken
    );

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
