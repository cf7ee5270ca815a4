using System.Net.Http.Headers;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Providers;

/// <summary>A provider's response; its body may still be arriving. Disposing it closes the connection.</summary>
internal abstract class ProviderResponse : IAsyncDisposable
{
    /// <summary>The HTTP status code.</summary>
    public required int Status { get; init; }

    /// <summary>Whether the headers declare a stream of events.</summary>
    public bool IsStream { get; init; }

    /// <summary>The headers of the content, e.g. its media type; null if there are none.</summary>
    public HttpContentHeaders? ContentHeaders { get; init; }

    /// <summary>Whether the request itself asked for an error, as only the mock allows.</summary>
    public bool IsRequestedFailure { get; init; }

    /// <summary>The provider's request id; null if absent.</summary>
    public string? RequestId { get; init; }

    /// <summary>
    /// The requested wait before a retry, by <c>Retry-After</c> or until an exhausted rate limit resets; null if none.
    /// </summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Awaited before memory for so many bytes of a whole body is taken.</summary>
    public Func<long, CancellationToken, ValueTask> BeforeBytes { get; set; } = (_, _) => ValueTask.CompletedTask;

    /// <summary>The maximum size of a whole body in bytes.</summary>
    public int MaxBodyBytes { get; set; } = HttpProviderErrors.MaxResponseBytes;

    /// <summary>Whether the body is a stream of events, whatever the headers declare; waits for its start.</summary>
    /// <param name="onActivity">Called for all received bytes.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="ProviderException">The connection broke.</exception>
    public virtual ValueTask<bool> HasEventsAsync(Action? onActivity, CancellationToken cancellationToken) =>
        new(IsStream);

    /// <summary>Reads the whole body.</summary>
    /// <exception cref="ProviderException">The connection broke, or the body is too large.</exception>
    public abstract ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Opens the body as it is, to read it while it arrives. What it throws is <see cref="IsBroken"/> if the connection
    /// broke.
    /// </summary>
    public virtual Task<Stream> OpenBodyAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException("Only responses over HTTP have a stream.");

    /// <summary>Reads the body's events as they arrive.</summary>
    /// <param name="beforeWait">Awaited before each wait for bytes, after all complete events are returned.</param>
    /// <param name="onActivity">Called for all received bytes, including those of keep-alive comments.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="ProviderException">The connection broke.</exception>
    public abstract IAsyncEnumerable<SseEvent> ReadEventsAsync(
        Func<ValueTask> beforeWait,
        Action onActivity,
        CancellationToken cancellationToken
    );

    /// <summary>Whether an exception of the body means that it broke off, or that its compression is corrupt.</summary>
    public bool IsBroken(Exception e) =>
        e is HttpRequestException or IOException
        || (
            // What .NET's decompressors throw for corrupt input.
            (e is InvalidDataException or InvalidOperationException)
            && ContentHeaders?.ContentEncoding.Count > 0
        );

    /// <summary>The error of a body that broke off.</summary>
    public static ProviderException Broken(Exception e) =>
        new(new(ErrorCategory.Network, "the connection broke during the response"), e);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
