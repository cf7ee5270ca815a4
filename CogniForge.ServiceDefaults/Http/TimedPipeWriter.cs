using System.IO.Pipelines;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>
/// Writes to a client in pieces, so that no more than the server's buffer waits for it, and closes the connection when
/// the client does not read on within the timeout.
/// </summary>
internal sealed class TimedPipeWriter(PipeWriter inner, HttpContext context, TimeSpan timeout, TimeProvider time)
    : PipeWriter
{
    private const int MaxPiece = 16 * 1024;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    public override void Advance(int bytes) => inner.Advance(bytes);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        BoundAsync(inner.FlushAsync(cancellationToken));

    public override ValueTask<FlushResult> WriteAsync(
        ReadOnlyMemory<byte> source,
        CancellationToken cancellationToken = default
    ) =>
        source.Length <= MaxPiece
            ? BoundAsync(inner.WriteAsync(source, cancellationToken))
            : WriteInPiecesAsync(source, cancellationToken);

    private async ValueTask<FlushResult> WriteInPiecesAsync(
        ReadOnlyMemory<byte> source,
        CancellationToken cancellationToken
    )
    {
        FlushResult result;
        do
        {
            var piece = source[..Math.Min(source.Length, MaxPiece)];
            source = source[piece.Length..];
            result = await BoundAsync(inner.WriteAsync(piece, cancellationToken));
        } while (!source.IsEmpty && !result.IsCompleted && !result.IsCanceled);
        return result;
    }

    private ValueTask<FlushResult> BoundAsync(ValueTask<FlushResult> flush) =>
        flush.IsCompleted ? flush : WaitAsync(flush);

    private async ValueTask<FlushResult> WaitAsync(ValueTask<FlushResult> flush)
    {
        await using var timer = time.CreateTimer(
            static context => ((HttpContext)context!).Abort(),
            context,
            timeout,
            Timeout.InfiniteTimeSpan
        );
        return await flush;
    }
}
