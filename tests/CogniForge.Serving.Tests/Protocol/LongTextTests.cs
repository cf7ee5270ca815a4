using System.Buffers;
using System.Text.Json;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Tests.Protocol;

public class LongTextTests
{
    [Fact]
    public async Task WriteAsync_LongText_TakesBoundedMemory()
    {
        var text = new string('\u0001', 1_000_000);
        var buffer = new ArrayBufferWriter<byte>();
        var written = 0L;
        await using var json = new Utf8JsonWriter(buffer);

        await LongText.WriteAsync(json, text, Flush);

        Assert.Equal((6 * text.Length) + 2, written);
        Assert.InRange(buffer.Capacity, 0, 1_000_000);

        ValueTask Flush()
        {
            json.Flush();
            written += buffer.WrittenCount;
            buffer.ResetWrittenCount();
            return ValueTask.CompletedTask;
        }
    }
}
