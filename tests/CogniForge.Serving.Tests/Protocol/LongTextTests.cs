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

    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(16_384, 1, 16_384)]
    [InlineData(16_385, 40_000, 16_383)]
    [InlineData(0, 8_000, 8_000, 8_000, 20_000, 0)]
    public async Task WriteElementsAsync_AnyLengths_WritesEachText(params int[] lengths)
    {
        var texts = lengths.Select((length, i) => new string((char)('a' + i), length)).ToArray();
        var buffer = new ArrayBufferWriter<byte>();
        await using var json = new Utf8JsonWriter(buffer);

        json.WriteStartArray();
        await LongText.WriteElementsAsync(json, texts, () => ValueTask.CompletedTask);
        json.WriteEndArray();
        await json.FlushAsync();

        Assert.Equal(texts, JsonSerializer.Deserialize<string[]>(buffer.WrittenSpan));
    }
}
