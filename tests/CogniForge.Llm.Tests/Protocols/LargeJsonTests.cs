using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Gateway.Requests;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Tests.Protocols;

/// <summary>Large JSON is written without the memory that the writer takes for escapes.</summary>
public class LargeJsonTests
{
    private const int Length = 8 * 1024 * 1024;

    [Fact]
    public void Write_LongText_TakesLittleMoreThanItsLength()
    {
        var body = new JsonObject { ["text"] = "\n" + new string('x', Length) };
        var before = GC.GetAllocatedBytesForCurrentThread();

        var written = WireJson.Write(body, Length);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, written.Length, 2 * Length);
    }

    [Fact]
    public void Write_LongParsedText_TakesLittleMoreThanItsLength()
    {
        var body = StrictJson.Parse(JsonSerializer.SerializeToUtf8Bytes(new { text = "\n" + new string('x', Length) }));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var written = WireJson.Write(body, Length);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, written.Length, 2 * Length);
    }

    [Theory]
    [InlineData("\\u0041", true)]
    [InlineData("\\ud83d\\ude00", true)]
    [InlineData("\\\\ud83d", true)] // an escaped backslash
    [InlineData("\\ud83d", false)]
    public void IsUnicode_ManyEscapes_TakesNoCopy(string escape, bool isValid)
    {
        var text = JsonDocument.Parse($"\"{string.Concat(Enumerable.Repeat(escape, 500_000))}\"").RootElement;
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(isValid, RequestFields.IsUnicode(text));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    /// <summary>Pieces of a text may end within a surrogate pair.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Write_LongText_IsUnchanged(int offset)
    {
        var text = new string('x', offset) + string.Concat(Enumerable.Repeat("\U0001F600\"\t\u00e9", 400_000));
        var body = new JsonObject
        {
            ["text"] = text,
            ["parts"] = new JsonArray(1, null, new JsonObject { ["short"] = "a\nb", ["flag"] = true }, text),
        };

        var written = WireJson.Write(body, Length);

        Assert.True(JsonNode.DeepEquals(body, JsonNode.Parse(written.Span)));
        var again = WireJson.Write(StrictJson.Parse(written.Span), Length);
        Assert.True(JsonNode.DeepEquals(body, JsonNode.Parse(again.Span)));
    }
}
