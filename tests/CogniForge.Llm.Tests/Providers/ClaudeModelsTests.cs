using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>Clients of OpenAI's formats need not know how Claude models differ.</summary>
public sealed class ClaudeModelsTests
{
    private static readonly string[] _fields =
    [
        "temperature",
        "top_p",
        "top_k",
        "thinking",
        "output_config",
    ];

    private const string Hi = """
        "messages":[{"role":"user","content":"Hi"}]
        """;

    /// <summary>earendil-works/pi#7961: <c>temperature</c> is deprecated for this model.</summary>
    [Theory]
    [InlineData("claude-opus-4-7")]
    [InlineData("claude-opus-4-8")]
    [InlineData("claude-sonnet-5")]
    [InlineData("claude-opus-5")]
    [InlineData("claude-haiku-5-5")]
    public async Task Chat_SamplingOfNewerModel_IsDroppedAndNamed(string model)
    {
        Assert.Equal(("{}", "temperature, top_k"), await ChatAsync(model, "\"temperature\":0,\"top_k\":5"));
        Assert.Equal(("{}", "top_p"), await ChatAsync(model, "\"top_p\":0.5"));
        Assert.Equal(("{}", null), await ChatAsync(model, "\"temperature\":1"));
    }

    [Theory]
    [InlineData("claude-sonnet-4-6")]
    [InlineData("claude-haiku-4-5-20251001")]
    [InlineData("claude-3-5-haiku-latest")]
    public async Task Chat_SamplingOfOlderModel_Passes(string model) =>
        Assert.Equal(
            ("""{"temperature":0,"top_k":5}""", null),
            await ChatAsync(model, "\"temperature\":0,\"top_k\":5")
        );

    /// <summary>A client of Anthropic's own format knows its model.</summary>
    [Fact]
    public async Task Messages_Sampling_Passes() =>
        Assert.Equal(
            ("""{"temperature":0}""", null),
            await SendAsync("/v1/messages", $$"""{"model":"claude-opus-5","max_tokens":9,"temperature":0,{{Hi}}}""")
        );

    [Fact]
    public async Task Responses_SamplingOfNewerModel_IsDroppedAndNamed() =>
        Assert.Equal(
            ("{}", "temperature"),
            await SendAsync("/v1/responses", """{"model":"claude-opus-5","input":"Hi","temperature":0.2}""")
        );

    /// <summary>8monkey-ai/hebo-gateway#126: <c>xhigh</c> came with Opus 4.7.</summary>
    [Theory]
    [InlineData("claude-opus-4-5", "xhigh", "high")]
    [InlineData("claude-opus-4-6", "xhigh", "max")]
    [InlineData("claude-sonnet-4-6", "xhigh", "high")]
    [InlineData("claude-opus-4-7", "xhigh", "xhigh")]
    [InlineData("claude-opus-5-5", "max", "max")]
    public async Task Chat_Effort_IsNearestOfModel(string model, string effort, string expected)
    {
        var (sent, dropped) = await ChatAsync(model, $"\"reasoning_effort\":\"{effort}\"");
        Assert.Contains($$$"""
            "output_config":{"effort":"{{{expected}}}"}
            """, sent, StringComparison.Ordinal);
        Assert.Null(dropped);
    }

    /// <summary>Claude 5 thinks by default; not every model can be without.</summary>
    [Theory]
    [InlineData("claude-opus-5", """{"thinking":{"type":"disabled"}}""")]
    [InlineData("claude-haiku-5-5", """{"thinking":{"type":"disabled"}}""")]
    [InlineData("claude-sonnet-5", """{"thinking":{"type":"disabled"}}""")]
    [InlineData("claude-sonnet-5-5", """{"thinking":{"type":"between_tools"}}""")]
    [InlineData("claude-opus-5-5", """{"output_config":{"effort":"low"}}""")]
    [InlineData("claude-fable-5-1", """{"output_config":{"effort":"low"}}""")]
    [InlineData("claude-opus-4-7", """{"thinking":{"type":"disabled"}}""")]
    [InlineData("claude-3-5-haiku-latest", "{}")]
    public async Task EffortNone_OfEachFormat_SwitchesThinkingOff(string model, string expected)
    {
        Assert.Equal((expected, null), await ChatAsync(model, """
            "reasoning_effort":"none"
            """));
        Assert.Equal(
            (expected, null),
            await SendAsync(
                "/v1/responses",
                $$$"""{"model":"{{{model}}}","input":"Hi","reasoning":{"effort":"none"}}"""
            )
        );
    }

    [Fact]
    public async Task EffortNone_WithSchema_KeepsIt() =>
        Assert.Equal(
            ("""{"output_config":{"format":{"type":"json_schema","schema":{}},"effort":"low"}}""", null),
            await ChatAsync(
                "claude-opus-5-5",
                """
                "reasoning_effort":"none",
                "response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{}}}
                """
            )
        );

    [Theory]
    [InlineData("claude-opus-4-6", true)]
    [InlineData("claude-opus-4-7", true)]
    [InlineData("claude-sonnet-4-6", true)]
    [InlineData("claude-opus-4-5", false)] // by budget only
    [InlineData("claude-opus-5", false)] // by default
    public async Task Chat_Effort_MakesModelThink(string model, bool isAdaptive) =>
        Assert.Equal(
            (
                isAdaptive
                    ? """{"output_config":{"effort":"high"},"thinking":{"type":"adaptive"}}"""
                    : """{"output_config":{"effort":"high"}}""",
                null
            ),
            await ChatAsync(model, """
                "reasoning_effort":"high"
                """)
        );

    [Theory]
    [InlineData("\"temperature\":0", """{"temperature":0,"output_config":{"effort":"high"}}""")]
    [InlineData(
        "\"thinking\":{\"type\":\"disabled\"}",
        """{"thinking":{"type":"disabled"},"output_config":{"effort":"high"}}"""
    )]
    [InlineData(
        "\"tool_choice\":\"required\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]",
        """{"output_config":{"effort":"high"}}"""
    )]
    public async Task Chat_EffortBesideConflict_AddsNoThinking(string fields, string expected) =>
        Assert.Equal((expected, null), await ChatAsync("claude-opus-4-6", $"\"reasoning_effort\":\"high\",{fields}"));

    private static Task<(string Sent, string? Dropped)> ChatAsync(string model, string fields) =>
        SendAsync("/v1/chat/completions", $$"""{"model":"{{model}}",{{Hi}},{{fields}}}""");

    /// <summary>Returns the fields of interest that the provider receives, and the names of those dropped.</summary>
    private static async Task<(string Sent, string? Dropped)> SendAsync(string path, string request)
    {
        await using var fake = await FakeProvider.StartAsync();
        fake.Behaviour = call =>
            call.JsonAsync(
                200,
                """
                {"id":"m","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hi"}],
                 "stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}
                """
            );
        using var gateway = GatewayHost.Start(
            ("Providers:anthropic:BaseUrl", fake.BaseUrl),
            ("Providers:anthropic:ApiKey", "secret")
        );
        return await gateway.SendAsync(fake, path, request, _fields);
    }
}
