using System.Text;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Protocols.Translation.ResponsesToChat;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Tests.Protocols.Translation;

/// <summary>A client's long history takes CPU time and memory in proportion to its length.</summary>
public sealed class HistoryBoundsTests
{
    /// <summary>The reasoning of a turn is written once, not again after each call.</summary>
    [Theory]
    [InlineData("OpenAI")]
    [InlineData("OpenRouter")]
    public void Responses_CallsAndReasoning_TakeLinearMemory(string kind)
    {
        const string Pair = """
            {"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"0123456789"}]},
            {"type":"function_call","call_id":"c","name":"f","arguments":"{}"},
            """;
        var items = string.Concat(Enumerable.Repeat(Pair, 5_000));
        var request = Wire.Node($$"""{"model":"m","input":[{{items}}{"role":"user","content":"Hi"}]}""");
        var translator = new ResponsesToChatTranslator();

        var before = GC.GetAllocatedBytesForCurrentThread();
        translator.Request(request, Enum.Parse<ProviderKind>(kind));

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) >> 20, 0, 100);
    }

    /// <summary>Eight clients with histories of 10,000 calls took 250 MB each.</summary>
    [Theory]
    [InlineData(
        "ChatCompletions",
        "Messages",
        """{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}""",
        """{"role":"tool","tool_call_id":"c","content":"ok"}""",
        70
    )]
    [InlineData(
        "Messages",
        "ChatCompletions",
        """{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{}}]}""",
        """{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"ok"}]}""",
        90
    )]
    public void Request_ManyCalls_TakesBoundedMemory(
        string client,
        string provider,
        string call,
        string result,
        int maxMegabytes
    )
    {
        var turns = string.Join(',', Enumerable.Repeat($"{call},{result}", 10_000));
        var body = Encoding.UTF8.GetBytes($$"""{"model":"m","max_tokens":9,"messages":[{{turns}}]}""");
        var translator = ProtocolAdapters
            .Select(Enum.Parse<Protocol>(client), [Enum.Parse<Protocol>(provider)])!
            .Value.Translation!;

        var before = GC.GetAllocatedBytesForCurrentThread();
        translator.Request(JsonField.FromRequest(body), ProviderKind.OpenAI, keepsCacheControl: false);

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) >> 20, 0, maxMegabytes);
    }

    /// <summary>Each branch adds what it requires, without a copy of the others'.</summary>
    [Fact]
    public void Schema_ManyBranches_TakesLinearMemory()
    {
        var branches = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $$"""{"required":["a{{i}}"]}"""));
        var schema = Wire.Node($$"""{"type":"object","allOf":[{{branches}}]}""");

        var before = GC.GetAllocatedBytesForCurrentThread();
        var folded = ToolSchema.ForAnthropic(schema);

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) >> 20, 0, 100);
        Assert.Equal(10_000, folded["required"]!.AsArray().Count);
    }

    [Fact]
    public void Messages_ManyForeignMessages_AreRemoved()
    {
        const int Count = 50_000;
        var block = $$"""{"type":"thinking","thinking":"t","signature":"{{ReasoningDetails.SignPlain("t")}}"}""";
        var foreign = $$"""{"role":"assistant","content":[{{block}}]},""";
        var messages = string.Concat(Enumerable.Repeat(foreign, Count));
        var request = Wire.Json($$"""{"messages":[{{messages}}{"role":"user","content":"Hi"}]}""");
        var dropped = new List<string>();

        var cleaned = ForeignHistory.Remove(request, Protocol.Messages, ProviderKind.Anthropic, dropped);

        Assert.Equal(["user"], cleaned!["messages"]!.AsArray().Select(m => m!["role"]!.GetValue<string>()));
        Assert.Equal(["thinking"], dropped);
    }
}
