using System.Buffers;
using System.Text;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Gateway;

/// <summary>Writes server-sent events as they look on the wire.</summary>
internal static class SseWriter
{
    public static void WriteHeaders(HttpResponse response)
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no"; // otherwise nginx buffers the stream
    }

    public static void Write(IBufferWriter<byte> writer, SseEvent item)
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
