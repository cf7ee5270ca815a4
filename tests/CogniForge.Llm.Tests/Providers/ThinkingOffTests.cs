using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>Each provider has a switch for thinking of its own; where it is unknown, the header names it.</summary>
public sealed class ThinkingOffTests
{
    private static readonly string[] _fields =
    [
        "thinking",
        "reasoning",
        "reasoning_effort",
        "enable_thinking",
        "chat_template_kwargs",
    ];

    private const string Disabled = """
        "max_tokens":9,"thinking":{"type":"disabled"},"messages":[{"role":"user","content":"Hi"}]
        """;

    private const string None = """
        "reasoning_effort":"none","messages":[{"role":"user","content":"Hi"}]
        """;

    [Theory]
    [InlineData("openai", "gpt-5.2", """{"reasoning_effort":"none"}""")]
    [InlineData("openai", "gpt-5-mini", """{"reasoning_effort":"minimal"}""")]
    [InlineData("openai", "gpt-4.1", "{}")]
    [InlineData("openrouter", "z-ai/glm-5", """{"reasoning":{"enabled":false}}""")]
    [InlineData("gemini", "gemini-2.5-flash", """{"reasoning_effort":"none"}""")]
    [InlineData("gemini", "gemini-3.5-flash", """{"reasoning_effort":"minimal"}""")]
    [InlineData("mistral", "mistral-small-latest", "{}")]
    [InlineData("groq", "qwen/qwen3-32b", """{"reasoning_effort":"none"}""")]
    [InlineData("deepseek", "deepseek-v4-flash", """{"thinking":{"type":"disabled"}}""")]
    [InlineData("xai", "grok-4.3", """{"reasoning_effort":"none"}""")]
    [InlineData("kimi", "kimi-k2.6", """{"thinking":{"type":"disabled"}}""")]
    [InlineData("together", "zai-org/GLM-5", """{"reasoning":{"enabled":false}}""")]
    [InlineData("ollama", "qwen3", """{"reasoning_effort":"none"}""")]
    [InlineData("vllm", "qwen3", """{"chat_template_kwargs":{"enable_thinking":false,"thinking":false}}""")]
    public async Task Messages_DisabledThinking_IsSwitchedOff(string provider, string model, string expected) =>
        Assert.Equal((expected, null), await SendAsync(provider, "/v1/messages", model, Disabled));

    [Theory]
    [InlineData("openai", "o3")]
    [InlineData("openrouter", "deepseek/deepseek-r1")]
    [InlineData("gemini", "gemini-2.5-pro")]
    [InlineData("mistral", "magistral-medium-latest")]
    [InlineData("kimi", "kimi-k3")]
    [InlineData("lmstudio", "qwen3")]
    public async Task Messages_UnknownSwitch_IsNamed(string provider, string model) =>
        Assert.Equal(("{}", "thinking"), await SendAsync(provider, "/v1/messages", model, Disabled));

    [Fact]
    public async Task Messages_DisabledWithEffort_IsSwitchedOff() =>
        Assert.Equal(
            ("""{"thinking":{"type":"disabled"}}""", null),
            await SendAsync(
                "deepseek",
                "/v1/messages",
                "deepseek-v4-pro",
                $$"""
                "output_config":{"effort":"high"},{{Disabled}}
                """
            )
        );

    [Theory]
    [InlineData("deepseek", "deepseek-v4-flash", """{"thinking":{"type":"disabled"}}""")]
    [InlineData("openai", "gpt-4.1", "{}")]
    [InlineData("openai", "o3", """{"reasoning_effort":"none"}""")] // OpenAI decides
    [InlineData("lmstudio", "qwen3", """{"reasoning_effort":"none"}""")]
    public async Task Chat_EffortNone_FollowsModel(string provider, string model, string expected) =>
        Assert.Equal((expected, null), await SendAsync(provider, "/v1/chat/completions", model, None));

    [Fact]
    public async Task Responses_EffortNone_FollowsModel() =>
        Assert.Equal(
            ("""{"thinking":{"type":"disabled"}}""", null),
            await SendAsync(
                "kimi",
                "/v1/responses",
                "kimi-k2.5",
                """
                "reasoning":{"effort":"none"},"input":"Hi"
                """
            )
        );

    /// <summary>A chat's own <c>thinking</c> belongs to the provider.</summary>
    [Fact]
    public async Task Chat_ThinkingOfProvider_Passes() =>
        Assert.Equal(
            ("""{"thinking":{"type":"disabled"}}""", null),
            await SendAsync("lmstudio", "/v1/chat/completions", "m", Disabled)
        );

    [Fact]
    public async Task Messages_QuirkOfConfiguration_IsSent() =>
        Assert.Equal(
            ("""{"chat_template_kwargs":{"a":true},"enable_thinking":false}""", null),
            await SendAsync(
                "lmstudio",
                "/v1/messages",
                "m",
                Disabled,
                ("enable_thinking", "false"),
                ("chat_template_kwargs:a", "true")
            )
        );

    [Fact]
    public async Task Put_SwitchOfModel_IsSent()
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start();
        var provider = $$$"""
            {"kind":"openAICompatible","baseUrl":"{{{fake.BaseUrl}}}",
             "models":[{"model":"m*","thinkingOff":{"enable_thinking":false}}]}
            """;
        await (await gateway.Client.PutAsync("/api/v1/llm/providers/mine", provider)).ReadAsync(201);
        using var response = await gateway.Client.PostAsync("/v1/messages", $$"""{"model":"mine/m",{{Disabled}}}""");
        await response.ReadAsync(200);

        Assert.False(fake.Calls.Single().Body.GetProperty("enable_thinking").GetBoolean());
    }

    [Fact]
    public async Task Put_SwitchOfReservedField_IsRejected()
    {
        using var gateway = GatewayHost.Start();
        using var response = await gateway.Client.PutAsync(
            "/api/v1/llm/providers/mine",
            """{"kind":"openAICompatible","baseUrl":"http://host/v1","quirks":{"thinkingOff":{"model":"x"}}}"""
        );

        Assert.True((await response.ReadAsync(400)).GetProperty("errors").TryGetProperty("quirks.thinkingOff", out _));
    }

    /// <summary>Returns the fields about thinking that the provider receives, and the names of those dropped.</summary>
    private static async Task<(string Sent, string? Dropped)> SendAsync(
        string provider,
        string path,
        string model,
        string request,
        params (string Name, string Value)[] thinkingOff
    )
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start([
            ($"Providers:{provider}:BaseUrl", fake.BaseUrl),
            ($"Providers:{provider}:ApiKey", "secret"),
            .. thinkingOff.Select(f => ($"Providers:{provider}:Quirks:ThinkingOff:{f.Name}", f.Value)),
        ]);
        return await gateway.SendAsync(fake, path, $$"""{"model":"{{provider}}/{{model}}",{{request}}}""", _fields);
    }
}
