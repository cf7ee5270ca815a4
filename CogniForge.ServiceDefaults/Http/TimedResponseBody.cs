using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>A response body whose every writer waits for the client no longer than the timeout.</summary>
internal sealed class TimedResponseBody(IHttpResponseBodyFeature inner, TimedPipeWriter writer)
    : IHttpResponseBodyFeature
{
    private Stream? _stream;

    public Stream Stream => _stream ??= writer.AsStream(leaveOpen: true);

    public PipeWriter Writer => writer;

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task SendFileAsync(
        string path,
        long offset,
        long? count,
        CancellationToken cancellationToken = default
    ) => SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    public Task CompleteAsync() => inner.CompleteAsync();
}
