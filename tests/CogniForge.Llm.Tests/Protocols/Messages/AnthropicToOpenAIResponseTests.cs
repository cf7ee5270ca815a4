using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

namespace CogniForge.Llm.Tests.Protocols.Messages;

public class AnthropicToOpenAIResponseTests
{
    private readonly AnthropicToOpenAITranslator _translation = new();

    [Fact]
    public void Response_WithTools_BecomesMessage() =>
        Wire.AssertEqual(
            """
            {"id":"chatcmpl-1","type":"message","role":"assistant","model":"gpt-6-luna",
             "content":[{"type":"thinking","thinking":"Let me see.","signature":"reasoning_text:"},
               {"type":"text","text":"Looking"},
               {"type":"tool_use","id":"call_1","name":"weather","input":{"city":"Zürich"},"caller":{"type":"direct"}}],
             "stop_reason":"tool_use","stop_sequence":null,
             "usage":{"input_tokens":12,"cache_creation_input_tokens":40,"cache_read_input_tokens":30,
               "cache_creation":{"ephemeral_5m_input_tokens":40,"ephemeral_1h_input_tokens":0},
                      "output_tokens":90,"output_tokens_details":{"thinking_tokens":20}},
             "provider":"p"}
            """,
            Response(
                """
                {"id":"chatcmpl-1","object":"chat.completion","created":1790000000,"model":"gpt-6-luna",
                  "system_fingerprint":"fp","provider":"p",
                 "choices":[{"index":0,"message":{"role":"assistant","content":"Looking","refusal":null,
                   "reasoning_content":"Let me see.",
                   "tool_calls":[{"id":"call_1","type":"function",
                     "function":{"name":"weather","arguments":"{\"city\": \"Zürich\"}"}}]},"logprobs":null,
                     "finish_reason":"tool_calls"}],
                 "usage":{"prompt_tokens":82,"completion_tokens":90,"total_tokens":172,
                   "prompt_tokens_details":{"cached_tokens":30,"cache_write_tokens":40},
                   "completion_tokens_details":{"reasoning_tokens":20}}}
                """
            )
        );

    [Theory]
    [InlineData("stop", "end_turn")]
    [InlineData("length", "max_tokens")]
    [InlineData("model_length", "max_tokens")] // Mistral
    [InlineData("MAX_TOKENS", "max_tokens")] // Gemini
    [InlineData("content_filter", "refusal")]
    [InlineData("SAFETY", "refusal")]
    [InlineData("recitation", "refusal")]
    [InlineData("BLOCKLIST", "refusal")]
    [InlineData("SPII", "refusal")]
    [InlineData("content_filter: PROHIBITED_CONTENT", "refusal")]
    [InlineData("tool_calls", "end_turn")] // without a call
    [InlineData("something_new", "end_turn")]
    public void Response_FinishReason_IsTranslated(string finishReason, string expected) =>
        Assert.Equal(
            expected,
            (string?)
                Response($$$"""{"choices":[{"message":{"content":"x"},"finish_reason":"{{{finishReason}}}"}]}""")[
                    "stop_reason"
                ]
        );

    [Theory]
    [InlineData("stop", "tool_use")]
    [InlineData("tool_calls", "tool_use")]
    [InlineData("function_call", "tool_use")]
    [InlineData("length", "max_tokens")]
    [InlineData("model_length", "max_tokens")]
    public void Response_FinishReasonWithTools_IsTranslated(string finishReason, string expected) =>
        Assert.Equal(expected, (string?)Tool("{}", finishReason)["stop_reason"]);

    [Fact]
    public void Response_Refusal_BecomesTextAndReason() =>
        Wire.AssertEqual(
            """["refusal",[{"type":"text","text":"No."}]]""",
            Pick(
                Response("""{"choices":[{"message":{"content":null,"refusal":"No."},"finish_reason":"stop"}]}"""),
                "stop_reason",
                "content"
            )
        );

    [Fact]
    public void Response_EmptyContent_HasNoBlock() =>
        Wire.AssertEqual(
            "[]",
            Response("""{"choices":[{"message":{"content":""},"finish_reason":"stop"}]}""")["content"]
        );

    [Fact]
    public void Response_CachedTokensExceedPrompt_StandBesideIt() =>
        Assert.Equal(
            5,
            (int?)
                Response(
                    """
                    {"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":5,"completion_tokens":1,
                      "prompt_tokens_details":{"cached_tokens":9}}}
                    """
                )["usage"]!["input_tokens"]
        );

    [Fact]
    public void Response_TruncatedTool_HasEmptyInput() =>
        Wire.AssertEqual("{}", Tool("{\\\"a\\\":", "length")["content"]![0]!["input"]);

    [Fact]
    public void Response_ToolWithoutId_GetsId() =>
        Assert.Equal(
            "call_c1_0",
            (string?)
                Response(
                    """
                    {"id":"c1","choices":[{"message":{"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}}]}
                    """
                )["content"]![0]!["id"]
        );

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":[{"message":{"content":5}}]}""")]
    public void Response_InvalidCompletion_ThrowsJsonException(string body) =>
        Assert.ThrowsAny<JsonException>(() => Response(body));

    [Theory]
    [InlineData("\"{\"", """{"INVALID_JSON":"{"}""")]
    [InlineData("""{"x":1}""", """{"x":1}""")]
    public void Response_UnusualArguments_StayReadable(string arguments, string expected) =>
        Wire.AssertEqual(
            expected,
            Response(
                """{"choices":[{"message":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"""
                    + arguments
                    + """}}]},"finish_reason":"tool_calls"}]}"""
            )["content"]![0]!["input"]
        );

    private JsonObject Tool(string arguments, string finishReason) =>
        Response(
            $$$"""
            {"choices":[{"message":{"content":null,"tool_calls":[{"id":"a","type":"function",
              "function":{"name":"f","arguments":"{{{arguments}}}"}}]},"finish_reason":"{{{finishReason}}}"}]}
            """
        );

    private static JsonArray Pick(JsonObject response, params string[] names) =>
        [.. names.Select(n => response[n]?.DeepClone())];

    private JsonObject Response(string body) => _translation.Response([], Wire.Node(body));
}
