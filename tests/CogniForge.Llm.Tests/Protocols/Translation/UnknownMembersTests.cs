using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Tests.Protocols.Translation;

/// <summary>What a translation does not carry over is named, also within messages.</summary>
public sealed class UnknownMembersTests
{
    [Theory]
    [InlineData("""{"role":"user","content":"q","weight":1}""", "messages.weight")]
    [InlineData("""{"role":"assistant","content":"a","prefix":true}""", "messages.prefix")]
    [InlineData("""{"role":"assistant","function_call":{"name":"f","arguments":"{}"}}""", "messages.function_call")]
    [InlineData(
        """{"role":"assistant","content":"a","reasoning":"hm","reasoning_details":[{"type":"reasoning.text"}]}""",
        "messages.reasoning,messages.reasoning_details"
    )]
    [InlineData(
        """
        {"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"},
         "extra_content":{"google":{"thought_signature":"s"}}}]}
        """,
        "messages.tool_calls.extra_content"
    )]
    [InlineData(
        """{"role":"user","content":[{"type":"text","text":"q","prompt_cache_breakpoint":{"mode":"explicit"}}]}""",
        "messages.content.prompt_cache_breakpoint"
    )]
    // Mistral's own form, of a client that did not get it from the gateway
    [InlineData(
        """{"role":"assistant","content":[{"type":"thinking","thinking":[]},{"type":"text","text":"a"}]}""",
        "thinking"
    )]
    // As SDKs return a response's message: without effect
    [InlineData(
        """{"role":"assistant","content":"a","refusal":null,"annotations":[],"audio":null,"function_call":null}""",
        ""
    )]
    public void Chat_ToAnthropic_NamesUnknown(string message, string dropped) =>
        Assert.Equal(
            dropped,
            Dropped(
                Protocol.ChatCompletions,
                $$"""{"messages":[{"role":"user","content":"q"},{{message}},{"role":"user","content":"r"}]}"""
            )
        );

    [Theory]
    [InlineData("""{"user":"u","safety_identifier":"s"}""", "safety_identifier", "u")]
    [InlineData("""{"safety_identifier":"s"}""", "", "s")]
    public void Chat_SafetyIdentifier_IsSentOrNamed(string fields, string dropped, string user)
    {
        var request = Wire.Node(fields);
        request["messages"] = Wire.Node("""{"m":[{"role":"user","content":"q"}]}""")["m"]!.DeepClone();
        var result = ProtocolAdapters.Select(Protocol.ChatCompletions, [Protocol.Messages])!.Value.Translation!.Request(
            request,
            ProviderKind.Anthropic
        );

        Assert.Equal(dropped, string.Join(',', result.Dropped));
        Assert.Equal(user, (string?)result.Body["metadata"]!["user_id"]);
    }

    [Theory]
    [InlineData("""{"role":"user","content":"q","name":"Ann"}""", "messages.name")]
    [InlineData(
        """{"role":"user","content":[{"type":"text","text":"q","weight":1}]}""",
        "messages.content.weight"
    )]
    [InlineData(
        """{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{},"weight":1}]}""",
        "messages.content.weight"
    )]
    [InlineData(
        """{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"r","weight":1}]}""",
        "messages.content.weight"
    )]
    [InlineData(
        """
        {"role":"assistant","content":[{"type":"text","text":"a","citations":null},
         {"type":"tool_use","id":"c","name":"f","input":{},"caller":{"type":"direct"}}]}
        """,
        ""
    )]
    public void Messages_ToChat_NamesUnknown(string message, string dropped) =>
        Assert.Equal(dropped, Dropped(Protocol.Messages, $$"""{"messages":[{{message}}]}"""));

    [Theory]
    [InlineData("""{"role":"user","content":"q","weight":1}""", "input.weight")]
    [InlineData(
        """{"role":"user","content":[{"type":"input_text","text":"q","weight":1}]}""",
        "input.content.weight"
    )]
    [InlineData(
        """
        {"type":"message","id":"m","status":"completed","role":"assistant","phase":"commentary",
         "content":[{"type":"output_text","text":"a","annotations":[],"logprobs":[]}]}
        """,
        ""
    )]
    [InlineData("""{"type":"web_search_call","id":"w","action":{"type":"search"}}""", "web_search_call")]
    public void Responses_ToChat_NamesUnknown(string item, string dropped) =>
        Assert.Equal(dropped, Dropped(Protocol.Responses, $$"""{"input":[{"role":"user","content":"q"},{{item}}]}"""));

    private static string Dropped(Protocol client, string body)
    {
        var provider = client == Protocol.ChatCompletions ? Protocol.Messages : Protocol.ChatCompletions;
        return string.Join(
            ',',
            ProtocolAdapters.Select(client, [provider])!.Value.Translation!.Request(Wire.Node(body)).Dropped
        );
    }
}
