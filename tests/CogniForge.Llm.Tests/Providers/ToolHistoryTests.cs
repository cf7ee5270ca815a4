using System.Text.Json;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>
/// Models that think require their reasoning back with tool calls, which clients of OpenAI's format drop: Kimi
/// (mastra-ai/mastra#12592), DeepSeek V4 (danny-avila/LibreChat#13366) and Gemini 3 (theopenco/llmgateway#1267).
/// </summary>
public sealed class ToolHistoryTests
{
    private const string Call = """{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}""";
    private const string Calling = $$"""{"role":"assistant","content":null,"tool_calls":[{{Call}}]}""";
    private const string Signed = """
        "extra_content":{"google":{"thought_signature":"skip_thought_signature_validator"}}
        """;

    [Theory]
    [InlineData("kimi", "kimi-k2.5", " ")]
    [InlineData("kimi", "kimi-k2-thinking", " ")]
    [InlineData("kimi", "kimi-k3", " ")]
    [InlineData("kimi", "kimi-k2-0905-preview", null)]
    [InlineData("deepseek", "deepseek-v4-pro", " ")]
    [InlineData("deepseek", "deepseek-reasoner", " ")]
    [InlineData("deepseek", "deepseek-chat", null)]
    [InlineData("groq", "moonshotai/kimi-k2-instruct", null)]
    public async Task Chat_ReasoningDropped_GetsPlaceholder(string provider, string model, string? expected)
    {
        var sent = await SendAsync(provider, model, Calling);

        Assert.Equal(expected, GetReasoning(sent[1]));
    }

    [Theory]
    [InlineData("kimi", "kimi-k2.6", "\"hm\"", "hm")]
    [InlineData("kimi", "kimi-k2.6", "\"\"", " ")]
    [InlineData("deepseek", "deepseek-v4-flash", "null", " ")]
    public async Task Chat_ReasoningSent_IsReplacedIfEmpty(string provider, string model, string own, string expected)
    {
        var sent = await SendAsync(
            provider,
            model,
            $$"""{"role":"assistant","content":null,"reasoning_content":{{own}},"tool_calls":[{{Call}}]}"""
        );

        Assert.Equal(expected, GetReasoning(sent[1]));
    }

    /// <summary>openclaw/openclaw#73417: the answer after a tool loop needs it too.</summary>
    [Fact]
    public async Task Chat_AnswerAfterTools_GetsPlaceholder()
    {
        var sent = await SendAsync(
            "deepseek",
            "deepseek-v4-pro",
            $$"""
            {{Calling}},{"role":"tool","tool_call_id":"a","content":"1"},
            {"role":"assistant","content":"One"},{"role":"user","content":"Sure?"}
            """
        );

        Assert.Equal(
            [null, " ", null, " ", null],
            sent.EnumerateArray().Select(GetReasoning)
        );
    }

    [Theory]
    [InlineData("kimi", "kimi-k2.6")]
    [InlineData("deepseek", "deepseek-v4-pro")]
    public async Task Chat_NoTools_KeepsMessages(string provider, string model) =>
        Assert.Null(GetReasoning((await SendAsync(provider, model, """{"role":"assistant","content":"A"}"""))[1]));

    [Theory]
    [InlineData("kimi", "kimi-k2.6", "\"thinking\":{\"type\":\"disabled\"}")]
    [InlineData("kimi", "kimi-k2.6", "\"reasoning_effort\":\"none\"")]
    [InlineData("deepseek", "deepseek-v4-pro", "\"reasoning_effort\":\"none\"")]
    public async Task Chat_ThinkingOff_AddsNothing(string provider, string model, string field) =>
        Assert.Null(GetReasoning((await SendAsync(provider, model, Calling, field))[1]));

    /// <summary>ai.google.dev/gemini-api/docs/thought-signatures: the first call of each step needs one.</summary>
    [Theory]
    [InlineData("gemini-3.5-flash", "CALL},CALL}", "CALL,SIGNED},CALL}")]
    [InlineData("gemini-2.5-flash", "CALL},CALL}", "CALL},CALL}")]
    [InlineData(
        "gemini-3-flash-preview",
        """CALL,"extra_content":{"google":{"thought_signature":"own"}}},CALL}""",
        """CALL,"extra_content":{"google":{"thought_signature":"own"}}},CALL}"""
    )]
    [InlineData(
        "gemini-flash-latest",
        """CALL,"extra_content":{"google":{"x":1}}}""",
        """CALL,"extra_content":{"google":{"x":1,"thought_signature":"skip_thought_signature_validator"}}}"""
    )]
    public async Task Chat_GeminiCallWithoutSignature_GetsGooglesDummy(string model, string calls, string expected)
    {
        var sent = await SendAsync(
            "gemini",
            model,
            $$"""{"role":"assistant","content":null,"tool_calls":[{{Expand(calls)}}]}"""
        );

        Assert.Equal($"[{Expand(expected)}]", sent[1].GetProperty("tool_calls").GetRawText());

        static string Expand(string text) =>
            text.Replace("CALL", Call[..^1], StringComparison.Ordinal)
                .Replace("SIGNED", Signed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "/v1/messages",
        """
        "max_tokens":9,"messages":[{"role":"user","content":"Hi"},
         {"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]},
         {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"1"}]}]
        """
    )]
    [InlineData(
        "/v1/responses",
        """
        "input":[{"role":"user","content":"Hi"},
         {"type":"function_call","call_id":"a","name":"f","arguments":"{}"},
         {"type":"function_call_output","call_id":"a","output":"1"}]
        """
    )]
    public async Task OtherFormats_CallWithoutReasoning_GetsPlaceholder(string path, string request)
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = Start("kimi", fake);
        using var response = await gateway.Client.PostAsync(path, $$"""{"model":"kimi/kimi-k2.6",{{request}}}""");
        await response.ReadAsync(200);

        Assert.Equal(" ", GetReasoning(fake.Calls.Single().Body.GetProperty("messages")[1]));
    }

    [Fact]
    public async Task Put_ToolHistoryOfModel_IsSent()
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start();
        var provider = $$$"""
            {"kind":"openAICompatible","baseUrl":"{{{fake.BaseUrl}}}",
             "models":[{"model":"m*","toolHistory":{"reasoning_content":"-"}}]}
            """;
        await (await gateway.Client.PutAsync("/api/v1/llm/providers/mine", provider)).ReadAsync(201);
        await Reply.ReadAsync(gateway.Client, $$"""{"model":"mine/m","messages":[{{Calling}}]}""");

        Assert.Equal("-", GetReasoning(fake.Calls.Single().Body.GetProperty("messages")[0]));
    }

    private static string? GetReasoning(JsonElement message) =>
        message.TryGetProperty("reasoning_content", out var text) ? text.GetString() : null;

    /// <summary>Returns the messages that the provider receives.</summary>
    private static async Task<JsonElement> SendAsync(
        string provider,
        string model,
        string messages,
        string field = "\"top_p\":0.5"
    )
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = Start(provider, fake);
        var reply = await Reply.ReadAsync(
            gateway.Client,
            $$"""
            {"model":"{{provider}}/{{model}}","messages":[{"role":"user","content":"Hi"},{{messages}}],{{field}}}
            """
        );
        Assert.Equal(200, reply.Status);
        return fake.Calls.Single().Body.GetProperty("messages");
    }

    private static GatewayHost Start(string provider, FakeProvider fake) =>
        GatewayHost.Start(
            ($"Providers:{provider}:BaseUrl", fake.BaseUrl),
            ($"Providers:{provider}:ApiKey", "secret")
        );
}
