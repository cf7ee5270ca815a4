using System.Buffers;
using System.Text;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Gateway;

/// <summary>Writes server-sent events to a client; sends those that arrive together in one write.</summary>
internal sealed class SseWriter(HttpResponse response)
{
    // The size in bytes from which events are sent although more are arriving.
    private const int MaxUnsent = 16 * 1024;
    private int _unsent;

    /// <summary>Whether the headers are written.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The number of written events.</summary>
    public int Count { get; private set; }

    public bool HasUnsent => _unsent > 0;

    /// <summary>Whether enough waits to be sent.</summary>
    public bool IsFull => _unsent >= MaxUnsent;

    public void Begin()
    {
        HasBegun = true;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no"; // otherwise nginx buffers the stream
    }

    public void Add(SseEvent item)
    {
        Write(response.BodyWriter, item);
        Count++;
        _unsent += item.Data.Length + 1; // above 0 for an empty event too
    }

    /// <summary>Sends text that is no event.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        response.BodyWriter.Write(text.Span);
        await FlushAsync(cancellationToken);
    }

    /// <exception cref="OperationCanceledException">The client disconnected.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _unsent = 0;
        if ((await response.BodyWriter.FlushAsync(cancellationToken)).IsCompleted)
        {
            // Before Kestrel notices. Its token follows from another thread; without it, this would count as a failure.
            response.HttpContext.Abort();
            await Task.Delay(Timeout.InfiniteTimeSpan, response.HttpContext.RequestAborted);
        }
    }

    private static void Write(IBufferWriter<byte> writer, SseEvent item)
    {
        if (item.Name is not null)
        {
            writer.Write("event: "u8);
            writer.Write(Encoding.UTF8.GetBytes(item.Name));
            writer.Write("\n"u8);
        }

        var data = item.Data.Span;
        int end;
        do
        {
            end = data.IndexOf((byte)'\n');
            writer.Write("data: "u8);
            writer.Write(end < 0 ? data : data[..end]);
            writer.Write("\n"u8);
            data = data[(end + 1)..];
        } while (end >= 0);
        writer.Write("\n"u8);
    }
}
