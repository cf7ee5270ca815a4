using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Tests.Protocols.Messages;

namespace CogniForge.Llm.Tests.Protocols.Translation;

/// <summary>
/// Signed reasoning of chat providers returns to them: OpenRouter's signature comes after the text or a call, LiteLLM
/// sends a block for each fragment (BerriAI/litellm#29428).
/// </summary>
public class LateSignatureTests
{
    private const string Reasoning = """
        {"reasoning":"Let me","reasoning_details":[
          {"type":"reasoning.text","index":0,"text":"Let me","format":"anthropic-claude-v1"}]}
        """;

    private const string MoreReasoning = """
        {"reasoning":" see.","reasoning_details":[
          {"type":"reasoning.text","index":0,"text":" see.","format":"anthropic-claude-v1"}]}
        """;

    private const string Text = """{"content":"Yes."}""";

    private const string Call = """
        {"tool_calls":[{"index":0,"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]}
        """;

    private const string Signature = """
        {"reasoning_details":[
          {"type":"reasoning.text","index":0,"signature":"c2ln","format":"anthropic-claude-v1"}]}
        """;

    private const string Details = """
        [{"type":"reasoning.text","index":0,"text":"Let me see.","format":"anthropic-claude-v1","signature":"c2ln"}]
        """;

    private const string Blocks = """
        [{"type":"thinking","thinking":"Let me see.","signature":"c2ln"},
         {"type":"redacted_thinking","data":"eHg"},
         {"type":"thinking","thinking":"Again.","signature":"c2lo"}]
        """;

    [Theory]
    [InlineData(Reasoning, MoreReasoning, Signature, Text, Call)]
    [InlineData(Reasoning, MoreReasoning, Text, Signature, Call)]
    [InlineData(Reasoning, MoreReasoning, Text, Call, Signature)]
    [InlineData(Reasoning, MoreReasoning, Call, Signature)]
    public void OpenRouter_LateSignature_ReturnsWithText(params string[] deltas)
    {
        var sent = ReturnMessages(deltas, ProviderKind.OpenRouter);
        Wire.AssertEqual(Details, sent["reasoning_details"]);
        sent = ReturnResponses(deltas, ProviderKind.OpenRouter);
        Wire.AssertEqual(Details, sent["reasoning_details"]);
    }

    /// <summary>Another provider gets the text once.</summary>
    [Fact]
    public void OpenRouter_LateSignature_LeavesTextToOthers()
    {
        string[] deltas = [Reasoning, MoreReasoning, Text, Signature, Call];
        var sent = ReturnMessages(deltas, ProviderKind.OpenAICompatible);
        Assert.Equal("Let me see.", (string?)sent["reasoning_content"]);
        sent = ReturnResponses(deltas, ProviderKind.OpenAICompatible);
        Assert.Equal("Let me see.", (string?)sent["reasoning_content"]);
    }

    [Fact]
    public void LiteLlm_ThinkingBlocks_ReturnInStreams()
    {
        string[] deltas =
        [
            Fragment("Let me", ""),
            Fragment(" see.", ""),
            Fragment("", "c2ln"),
            """{"thinking_blocks":[{"type":"redacted_thinking","data":"eHg"}]}""",
            Fragment("Again.", ""),
            Fragment("", "c2lo"),
            Text,
            Call,
        ];
        foreach (var sent in Return(deltas, ProviderKind.OpenAICompatible))
        {
            Wire.AssertEqual(Blocks, sent["thinking_blocks"]);
            Assert.Equal("Let me see.Again.", (string?)sent["reasoning_content"]);
        }
    }

    /// <summary>The gateway itself sends all blocks at the end.</summary>
    [Fact]
    public void LiteLlm_BlocksAtEnd_ReturnInStreams()
    {
        string[] deltas =
        [
            """{"reasoning_content":"Let me see.Again."}""",
            Text,
            Call,
            $$"""{"thinking_blocks":{{Blocks}} }""",
        ];
        foreach (var sent in Return(deltas, ProviderKind.OpenAICompatible))
        {
            Wire.AssertEqual(Blocks, sent["thinking_blocks"]);
            Assert.Equal("Let me see.Again.", (string?)sent["reasoning_content"]);
        }
    }

    [Theory]
    [InlineData(nameof(ProviderKind.OpenAI))]
    [InlineData(nameof(ProviderKind.OpenRouter))]
    public void LiteLlm_ThinkingBlocks_StayFromOtherKinds(string kind)
    {
        string[] deltas = [Fragment("Hm.", ""), Fragment("", "c2ln"), Text];
        foreach (var sent in Return(deltas, Enum.Parse<ProviderKind>(kind)))
        {
            Assert.False(sent.ContainsKey("thinking_blocks"));
            Assert.False(sent.ContainsKey("reasoning_details"));
        }
    }

    [Fact]
    public void LiteLlm_ThinkingBlocks_ReturnInWholeResponses()
    {
        var chat = Wire.Node(
            $$"""
            {"id":"c","choices":[{"message":{"role":"assistant","content":"Yes.",
              "reasoning_content":"Let me see.Again.","thinking_blocks":{{Blocks}} },"finish_reason":"stop"}]}
            """
        );
        var message = Translator(Protocol.Messages).Response([], chat.DeepClone().AsObject());
        var sent = SendMessages(message["content"]!.DeepClone().AsArray(), ProviderKind.OpenAICompatible);
        Wire.AssertEqual(Blocks, sent["thinking_blocks"]);
        var response = Translator(Protocol.Responses).Response([], chat);
        sent = SendResponses(response["output"]!.DeepClone().AsArray(), ProviderKind.OpenAICompatible);
        Wire.AssertEqual(Blocks, sent["thinking_blocks"]);
    }

    private static string Fragment(string text, string signature) =>
        $$"""
        {"reasoning_content":"{{text}}",
         "thinking_blocks":[{"type":"thinking","thinking":"{{text}}","signature":"{{signature}}"}]}
        """;

    private static JsonObject[] Return(string[] deltas, ProviderKind kind) =>
        [ReturnMessages(deltas, kind), ReturnResponses(deltas, kind)];

    private static JsonObject ReturnMessages(string[] deltas, ProviderKind kind)
    {
        var blocks = new JsonArray();
        foreach (var item in Translator(Protocol.Messages).Stream([]).Run(Chunks(deltas)).Select(e => e.Data()))
        {
            switch ((string?)item["type"])
            {
                case "content_block_start":
                    blocks.Add(item["content_block"]!.DeepClone());
                    break;
                case "content_block_delta" when (string?)item["delta"]!["type"] != "input_json_delta":
                    var (name, text) = item["delta"]!.AsObject().Last();
                    var block = blocks[(int)item["index"]!]!;
                    block[name] = (string?)block[name] + (string?)text;
                    break;
            }
        }

        return SendMessages(blocks, kind);
    }

    private static JsonObject SendMessages(JsonArray blocks, ProviderKind kind)
    {
        var request = new JsonObject
        {
            ["max_tokens"] = 9,
            ["messages"] = new JsonArray(
                Wire.Node("""{"role":"user","content":"q"}"""),
                new JsonObject { ["role"] = "assistant", ["content"] = blocks }
            ),
        };
        return Translator(Protocol.Messages).Request(request, kind).Body["messages"]![1]!.AsObject();
    }

    private static JsonObject ReturnResponses(string[] deltas, ProviderKind kind)
    {
        var events = Translator(Protocol.Responses).Stream(Wire.Node("{}")).Run(Chunks(deltas));
        return SendResponses(events[^1].Data()["response"]!["output"]!.DeepClone().AsArray(), kind);
    }

    private static JsonObject SendResponses(JsonArray output, ProviderKind kind)
    {
        output.Insert(0, Wire.Node("""{"role":"user","content":"q"}"""));
        output.Add(Wire.Node("""{"role":"user","content":"Go on"}"""));
        var request = new JsonObject { ["input"] = output };
        var messages = Translator(Protocol.Responses).Request(request, kind).Body["messages"]!.AsArray();
        return Assert.Single(messages, m => (string?)m!["role"] == "assistant")!.AsObject();
    }

    private static IEnumerable<SseEvent> Chunks(string[] deltas) =>
        deltas.Select(d => Wire.Event("{\"id\":\"c\",\"choices\":[{\"delta\":" + d + "}]}"));

    private static ITranslator Translator(Protocol client) =>
        ProtocolAdapters.Select(client, [Protocol.ChatCompletions])!.Value.Translation!;
}
