using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Tests.Protocols.Messages;

namespace CogniForge.Llm.Tests.Protocols.Translation;

/// <summary>
/// A conversation moves to a provider that rejects what an earlier one left in it (anomalyco/opencode#6418,
/// NousResearch/hermes-agent#24401, openai/codex#8132).
/// </summary>
public class ForeignHistoryTests
{
    [Theory]
    [InlineData(
        nameof(Protocol.ChatCompletions),
        nameof(ProviderKind.OpenAI),
        """
        {"messages":[{"role":"assistant","content":"a","reasoning_content":"hm",
          "thinking_blocks":[{"type":"thinking","thinking":"hm","signature":"s"}],
          "reasoning":"hm","reasoning_details":[],"provider_specific_fields":{},
          "tool_calls":[{"id":"c","extra_content":{"google":{"thought_signature":"s"}}}]}]}
        """,
        """{"messages":[{"role":"assistant","content":"a","tool_calls":[{"id":"c"}]}]}""",
        "extra_content,provider_specific_fields,reasoning,reasoning_content,reasoning_details,thinking_blocks"
    )]
    [InlineData(
        nameof(Protocol.Messages),
        nameof(ProviderKind.Anthropic),
        """
        {"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"thinking","thinking":"hm",
          "signature": ""},{"type":"text","text":"a"}]},{"role":"assistant","content":[{"type":"thinking",
          "thinking":"hm","signature":"reasoning_details:W10"},{"type":"thinking","thinking":"hm",
          "signature":"reasoning_text:"},{"type":"thinking","thinking":"hm",
          "signature":"gAAAAABqdw"}]},{"role":"user","content":"r"}]}
        """,
        """
        {"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"text","text":"a"}]},
          {"role":"user","content":"r"}]}
        """,
        "thinking"
    )]
    [InlineData(
        nameof(Protocol.Responses),
        nameof(ProviderKind.OpenAI),
        """
        {"input":[{"type":"reasoning","summary":[],"encrypted_content":"gAAAAA"},
          {"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"hm"}]},
          {"type":"reasoning","summary":[],"encrypted_content":"redacted_thinking:x"},
          {"type":"reasoning","summary":[],"content":[],"encrypted_content":"thinking:c2ln"},
          {"type":"reasoning","summary":[],"content":[],"encrypted_content":"reasoning_text:aG0"},
          {"type":"function_call","call_id":"a__thought__Uw","name":"f","arguments":"{}"},
          {"type":"function_call_output","call_id":"a__thought__Uw","output":"r"}]}
        """,
        """
        {"input":[{"type":"reasoning","summary":[],"encrypted_content":"gAAAAA"},
          {"type":"function_call","call_id":"a","name":"f","arguments":"{}"},
          {"type":"function_call_output","call_id":"a","output":"r"}]}
        """,
        "reasoning,thought_signature"
    )]
    public void Remove_ForeignParts_AreNamed(string protocol, string kind, string body, string expected, string names)
    {
        var dropped = new List<string>();
        var cleaned = Remove(protocol, kind, body, dropped);
        Wire.AssertEqual(expected, cleaned);
        Assert.Equal(names.Split(','), dropped.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void SignPlain_Signature_IsNotTakenForAnthropics()
    {
        var signature = ReasoningDetails.SignPlain("hm");
        Assert.Equal("hm", ReasoningDetails.GetPlainText(signature));
        Assert.Null(ThinkingBlocks.FromEncryptedContent(signature, "hm"));
        Assert.False(ThinkingBlocks.IsSigned(new() { ["type"] = "thinking", ["signature"] = signature }));
        Assert.Empty(ReasoningDetails.FromSignature(signature));
    }

    /// <summary>Claude's thinking without its text, for a Responses client, only has a signature.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Remove_OmittedThinkingOfClaude_IsNamed(bool stream)
    {
        const string Events = """
            data: {"type":"message_start","message":{"id":"m","model":"c","usage":{"input_tokens":1}}}
            data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"",
              "signature":""}}
            data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}
            data: {"type":"content_block_stop","index":0}
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}
            """;
        var chain = ProtocolAdapters.Select(Protocol.Responses, [Protocol.Messages])!.Value.Translation!;
        var request = Wire.Node("""{"model":"m","input":"Hi"}""");
        var response = stream
            ? chain.Stream(request).Run(Streams.Parse(Events))[^1].Data()["response"]!.AsObject()
            : chain.Response(
                request,
                Wire.Node(
                    """
                    {"id":"m","model":"c","stop_reason":"end_turn",
                     "content":[{"type":"thinking","thinking":"","signature":"c2ln"}]}
                    """
                )
            );
        var next = new JsonObject { ["input"] = response["output"]!.DeepClone() };
        next["input"]!.AsArray().Add(JsonNode.Parse("""{"role":"assistant","content":"a"}"""));

        var dropped = new List<string>();
        var cleaned = Remove(nameof(Protocol.Responses), nameof(ProviderKind.OpenAI), next.ToJsonString(), dropped);
        Assert.Equal(["reasoning"], dropped);
        Assert.DoesNotContain("c2ln", cleaned!.ToJsonString(), StringComparison.Ordinal);

        // Anthropic itself gets its block back.
        Wire.AssertEqual(
            """[{"type":"thinking","thinking":"","signature":"c2ln"},{"type":"text","text":"a"}]""",
            chain.Request(next, ProviderKind.Anthropic).Body["messages"]!.AsArray()[0]!["content"]
        );
    }

    [Theory]
    [InlineData(
        nameof(Protocol.ChatCompletions),
        nameof(ProviderKind.OpenAICompatible),
        """{"messages":[{"role":"assistant","content":"a","reasoning_content":"hm"}]}"""
    )]
    [InlineData(
        nameof(Protocol.ChatCompletions),
        nameof(ProviderKind.OpenAI),
        """{"messages":[{"role":"user","content":"what is \"thinking_blocks\"?"}]}"""
    )]
    [InlineData(
        nameof(Protocol.Messages),
        nameof(ProviderKind.Anthropic),
        """{"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"","signature":"s"}]}]}"""
    )]
    [InlineData(nameof(Protocol.Messages), nameof(ProviderKind.Anthropic), """{"messages":5,"x":{"signature":""}}""")]
    [InlineData(
        nameof(Protocol.Responses),
        nameof(ProviderKind.OpenAI),
        """{"input":"why reasoning_text and __thought__?"}"""
    )]
    [InlineData(
        nameof(Protocol.Responses),
        nameof(ProviderKind.OpenAI),
        """{"input":[{"type":"reasoning","id":"rs_1","summary":[],"content":[],"encrypted_content":"new="}]}"""
    )]
    [InlineData(
        nameof(Protocol.ChatCompletions),
        nameof(ProviderKind.OpenAI),
        """{"messages":[{"role":"assistant","content":"cut \ud83d","reasoning_content":"x"}]}"""
    )]
    [InlineData(
        nameof(Protocol.Responses),
        nameof(ProviderKind.OpenAI),
        """{"input":[{"role":"user","content":"__thought__"}],"user":"a","user":"b"}"""
    )]
    [InlineData(
        nameof(Protocol.Messages),
        nameof(ProviderKind.Anthropic),
        """{"messages":[{"role":"user","content":"a","content":[{"type":"thinking","signature":""}]}]}"""
    )]
    public void Remove_OwnParts_KeepsBytes(string protocol, string kind, string body)
    {
        var dropped = new List<string>();
        Assert.Null(Remove(protocol, kind, body, dropped));
        Assert.Empty(dropped);
    }

    private static JsonObject? Remove(string protocol, string kind, string body, List<string> dropped) =>
        ForeignHistory.Remove(
            Wire.Json(body),
            Enum.Parse<Protocol>(protocol),
            Enum.Parse<ProviderKind>(kind),
            dropped
        );
}
