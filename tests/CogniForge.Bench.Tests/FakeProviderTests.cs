using System.Text;
using System.Text.Json;
using CogniForge.Bench.Processes;

namespace CogniForge.Bench.Tests;

/// <summary>The fake provider's responses have OpenAI's format, and the documented size.</summary>
public sealed class FakeProviderTests
{
    [Fact]
    public void Stream_Events_AreTwentyTwoWithSameText()
    {
        var body = Encoding.UTF8.GetString(ChatResponses.Whole).Split("\r\n\r\n", 2)[1];
        var whole = JsonDocument.Parse(body).RootElement;
        var events = Encoding
            .UTF8.GetString([.. ChatResponses.Stream.SelectMany(part => part)])
            .Split("data: ")
            .Skip(1)
            .Select(e => e.Split("\n\n")[0])
            .ToList();

        Assert.Equal(22, events.Count);
        Assert.Equal("[DONE]", events[^1]);
        var chunks = events.SkipLast(1).Select(e => JsonDocument.Parse(e).RootElement).ToList();
        Assert.Equal(121, chunks[^1].GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Equal(
            whole.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(),
            string.Concat(
                chunks
                    .SelectMany(c => c.GetProperty("choices").EnumerateArray())
                    .Select(c => c.GetProperty("delta"))
                    .Select(d => d.TryGetProperty("content", out var content) ? content.GetString() : "")
            )
        );
    }

    [Fact]
    public void Whole_Body_IsAbout820Bytes()
    {
        var parts = Encoding.UTF8.GetString(ChatResponses.Whole).Split("\r\n\r\n", 2);

        Assert.Contains($"Content-Length: {parts[1].Length}", parts[0], StringComparison.Ordinal);
        Assert.InRange(parts[1].Length, 780, 860);
    }
}
