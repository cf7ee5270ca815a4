using System.Text;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.OpenAI.Chat;

namespace CogniForge.Llm.Tests.Sdks;

/// <summary>
/// OpenAI's Python SDK joins the texts of a call's fragments, so that a repeated name becomes "ff", and fails if the
/// first has no name or arguments, or an index with a gap (openai-python, src/openai/lib/streaming). Its JavaScript
/// SDK takes the last name and accepts the others.
/// </summary>
public class ToolCallRepairTests
{
    [Theory]
    [InlineData(
        """
        {"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\""}};
        {"index":0,"id":"a","type":"function","function":{"name":"f","arguments":":1}"}}
        """,
        """
        {"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\""}};
        {"index":0,"type":"function","function":{"arguments":":1}"}}
        """
    )]
    [InlineData(
        """
        {"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\""}};
        {"id":"a","type":"function","function":{"name":"f","arguments":":1}"}};
        {"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}
        """,
        """
        {"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\""},"index":0};
        {"type":"function","function":{"arguments":":1}"},"index":0};
        {"id":"b","type":"function","function":{"name":"f","arguments":"{}"},"index":1}
        """
    )]
    // vLLM gave each fragment an id of its own.
    [InlineData(
        """
        {"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}};
        {"index":0,"id":"a2","function":{"arguments":"{}"}}
        """,
        """
        {"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}};
        {"index":0,"function":{"arguments":"{}"}}
        """
    )]
    // A late name, and one in parts: the SDK reads both members of the first fragment.
    [InlineData(
        """
        {"index":0,"id":"a","type":"function"};{"index":0,"id":"a","function":{"name":"f"}};
        {"index":0,"function":{"name":"g"}};{"index":0,"function":{"name":"fg","arguments":"{}"}}
        """,
        """
        {"index":0,"id":"a","type":"function","function":{"name":"","arguments":""}};
        {"index":0,"function":{"name":"f"}};
        {"index":0,"function":{"name":"g"}};{"index":0,"function":{"arguments":"{}"}}
        """
    )]
    // It finds a call by its place in a list, which the index must be.
    [InlineData(
        """
        {"index":3,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}};
        {"index":1,"function":{"arguments":"{"}};{"index":3,"function":{"arguments":""}};
        {"index":1,"id":"b","function":{"name":"g","arguments":"}"}};{"index":2,"id":"c","type":"custom","custom":{}}
        """,
        """
        {"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}};
        {"index":1,"function":{"arguments":"{","name":""},"id":"call_1_1","type":"function"};
        {"index":0,"function":{"arguments":""}};
        {"index":1,"function":{"name":"g","arguments":"}"}};{"index":2,"id":"c","type":"custom","custom":{}}
        """
    )]
    public async Task Stream_OddFragments_AreOpenAIs(string sent, string expected) =>
        Assert.Equal(Chunks(expected), await RepairAsync(Chunks(sent)));

    /// <summary>What OpenAI sends keeps its bytes.</summary>
    [Fact]
    public async Task Stream_ValidCalls_KeepTheirBytes()
    {
        var chunks = Chunks(
            """
            {"index":0, "id":"a","type":"function","function":{"name":"f","arguments":""}};
            {"index":0, "function":{"arguments":"{}"}};
            {"index":1,"id":"b","type":"function","function":{"name":"f","arguments":""}};
            {"index":1, "id":null,"function":{"name":null,"arguments":"\u00fc"}};{"index":1,"id":"","function":{}}
            """
        );
        Assert.Equal(chunks, await RepairAsync(chunks));
    }

    /// <summary>The gateway keeps a limited number of choices and calls of a stream that names ever new ones.</summary>
    [Theory]
    [InlineData("""{"choices":[{"index":N,"delta":{"tool_calls":[{"id":"a","type":"custom"}]}}]}""", 1_000)]
    [InlineData(
        """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":N,"type":"custom","id":"a"}]}}]}""",
        10_000
    )]
    public async Task Stream_EverNewCalls_AreNotKept(string chunk, int max)
    {
        string[] chunks =
        [
            .. Enumerable.Range(0, max + 1).Select(i => chunk.Replace("N", $"{i}", StringComparison.Ordinal)),
        ];

        var repaired = await RepairAsync([.. chunks, chunks[0], chunks[^1]]);

        Assert.DoesNotContain("\"id\"", repaired[^2], StringComparison.Ordinal);
        Assert.Equal(chunks[^1], repaired[^1]);
    }

    private static string[] Chunks(string calls) =>
        [
            .. calls
                .Split(';')
                .Select(c => $$$"""{"id":"1","choices":[{"index":0,"delta":{"tool_calls":[{{{c.Trim()}}}]}}]}"""),
        ];

    private static async Task<string[]> RepairAsync(string[] chunks)
    {
        var repaired = new List<string>();
        await foreach (var item in ToolCallRepair.RepairAsync(Events()))
        {
            repaired.Add(Encoding.UTF8.GetString(item.Data.Span));
        }

        return [.. repaired];

        async IAsyncEnumerable<SseEvent> Events()
        {
            foreach (var chunk in chunks)
            {
                await Task.Yield();
                yield return new(null, Encoding.UTF8.GetBytes(chunk));
            }
        }
    }
}
