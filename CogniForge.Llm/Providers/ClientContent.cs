using System.Net;

namespace CogniForge.Llm.Providers;

/// <summary>
/// A client's body, streamed to the provider as it arrives. It is sent with <c>Expect: 100-continue</c>, because .NET
/// otherwise reads nothing of the provider, not even that it hangs up, until the whole body is sent.
/// </summary>
internal abstract class ClientContent : HttpContent
{
    private readonly CancellationTokenSource _stopped = new();
    private Task _sending = Task.CompletedTask;

    /// <summary>Ends the sending, which outlives a failed call.</summary>
    /// <returns>Why the sending failed before; null: it did not.</returns>
    public async Task<Exception?> StopAsync()
    {
        await _stopped.CancelAsync();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _sending.Exception?.InnerException;
    }

    protected abstract Task WriteAsync(Stream stream, CancellationToken cancellationToken);

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected sealed override Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    ) => _sending = SendAsync(stream, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stopped.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task SendAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopped.Token);
        await WriteAsync(stream, both.Token);
    }
}
