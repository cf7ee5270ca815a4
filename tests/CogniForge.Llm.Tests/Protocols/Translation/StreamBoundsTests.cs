using System.Text.Json;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;
using CogniForge.Llm.Protocols.Translation.ResponsesToChat;

namespace CogniForge.Llm.Tests.Protocols.Translation;

/// <summary>A provider's hostile stream takes bounded memory, and CPU time in proportion to its length.</summary>
public sealed class StreamBoundsTests
{
    private const string Text = """{"content":"a"}""";
    private const string Thought = """{"reasoning_content":"b"}""";

    [Fact]
    public void Responses_TooManyParts_ThrowJsonException()
    {
        var stream = new ResponsesToChatTranslator().Stream([]);

        Assert.Throws<JsonException>(() => Translate(stream, 20_000, i => i % 2 == 0 ? Text : Thought));
    }

    /// <summary>Calls wait for the end of an unfinished one.</summary>
    [Fact]
    public void Messages_TooManyWaitingCalls_ThrowJsonException()
    {
        var stream = new AnthropicToOpenAITranslator().Stream([]);

        Assert.Throws<JsonException>(() => Translate(stream, 20_000, i => Call(i, "{")));
    }

    [Fact]
    public void Details_TooLong_ThrowJsonException()
    {
        var text = new string('x', 1 << 20);
        var details = new ReasoningDetails();

        Assert.Throws<JsonException>(() =>
        {
            for (var i = 0; i < 10; i++)
            {
                details.Add(Wire.Node($$"""{"reasoning_details":[{"type":"reasoning.text","text":"{{text}}"}]}"""));
            }
        });
    }

    [Fact]
    public void Responses_AlternatingParts_TakeLinearTime()
    {
        var stream = new ResponsesToChatTranslator().Stream([]);

        AssertAllocates(300, () => Translate(stream, 9_000, i => i % 2 == 0 ? Text : Thought));
    }

    /// <summary>The arguments end in a brace, but within a text.</summary>
    [Fact]
    public void Messages_TextsInLongCall_TakeLinearTime()
    {
        var stream = new AnthropicToOpenAITranslator().Stream([]);
        Translate(stream, 1, _ => Call(0, $$$"""{\"a\":\"{{{new string('x', 1 << 20)}}}}"""));

        AssertAllocates(100, () => Translate(stream, 1_000, _ => Text));
    }

    [Fact]
    public void Details_ManyFragments_TakeLinearTime()
    {
        var fragment = Wire.Node(
            """{"reasoning_details":[{"type":"reasoning.text","text":"0123456789","signature":"s"}]}"""
        );
        var details = new ReasoningDetails();

        AssertAllocates(
            100,
            () =>
            {
                for (var i = 0; i < 20_000; i++)
                {
                    details.Add(fragment);
                }
            }
        );
        Assert.Equal(
            200_000,
            ReasoningDetails.FromSignature(details.TakeSignature()).Single()["text"]!.GetValue<string>().Length
        );
    }

    /// <summary>Each change of the name copied the whole text.</summary>
    [Fact]
    public void Details_AlternatingNames_TakeLinearTime()
    {
        var text = new string('x', 100);
        var names = (string[])["text", "summary"];
        var fragments = names
            .Select(n => Wire.Node($$"""{"reasoning_details":[{"type":"reasoning.text","{{n}}":"{{text}}"}]}"""))
            .ToList();
        var details = new ReasoningDetails();

        AssertAllocates(
            100,
            () =>
            {
                for (var i = 0; i < 4_000; i++)
                {
                    details.Add(fragments[i % 2]);
                }
            }
        );
    }

    /// <summary>Each end of a block looked through all details.</summary>
    [Fact]
    public void Details_ManyPlainBlocks_TakeLinearTime()
    {
        var details = new ReasoningDetails();
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < StreamBounds.MaxParts; i++)
        {
            details.Add(Wire.Node($$"""{"reasoning_details":[{"type":"reasoning.text","text":"x","index":{{i}}}]}"""));
            Assert.Null(details.TakeSignature());
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 2);
    }

    [Fact]
    public void Details_ManyNames_ThrowJsonException()
    {
        var details = new ReasoningDetails();

        Assert.Throws<JsonException>(() => AddEach(details, i => $$"""{"type":"reasoning.text","n{{i}}":1}"""));
    }

    [Fact]
    public void Details_ManySignaturesOfText_ThrowJsonException()
    {
        var details = new ReasoningDetails();
        var extra = Wire.Node("""{"extra_content":{"google":{"thought_signature":"s"}}}""");

        Assert.Throws<JsonException>(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                details.Add(extra);
            }
        });
    }

    private static void AddEach(ReasoningDetails details, Func<int, string> detail)
    {
        for (var i = 0; i < 20_000; i++)
        {
            details.Add(Wire.Node($$"""{"reasoning_details":[{{detail(i)}}]}"""));
        }
    }

    private static string Call(int index, string arguments) =>
        $$$"""
        {"tool_calls":[{"index":{{{index}}},"id":"c{{{index}}}",
          "function":{"name":"f","arguments":"{{{arguments}}}"}}]}
        """;

    private static void Translate(IStreamTranslator stream, int count, Func<int, string> delta)
    {
        for (var i = 0; i < count; i++)
        {
            var chunk = $$$"""{"id":"c","model":"m","choices":[{"index":0,"delta":{{{delta(i)}}}}]}""";
            Assert.NotNull(stream.Translate(Wire.Event(chunk)).ToList());
        }
    }

    /// <summary>What takes quadratic time here allocates gigabytes.</summary>
    private static void AssertAllocates(int maxMegabytes, Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) >> 20, 0, maxMegabytes);
    }
}
