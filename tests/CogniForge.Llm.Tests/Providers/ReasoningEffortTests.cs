using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>A model gets the nearest effort that it has; where it has none, the header names the field.</summary>
public sealed class ReasoningEffortTests
{
    [Theory]
    [InlineData("openai", "gpt-4.1")] // AAswordman/Operit#1048
    [InlineData("openai", "gpt-3.5-turbo")]
    [InlineData("azure", "gpt-4o-mini")]
    [InlineData("groq", "llama-3.3-70b-versatile")] // diegosouzapw/OmniRoute#3277
    [InlineData("groq", "meta-llama/llama-4-scout-17b-16e-instruct")]
    [InlineData("groq", "moonshotai/kimi-k2-instruct-0905")]
    [InlineData("together", "meta-llama/Llama-3.3-70B-Instruct-Turbo")]
    [InlineData("groq", "qwen/qwen3-32b")] // iamsrikanthnani/pluely#219
    [InlineData("mistral", "mistral-large-latest")] // NousResearch/hermes-agent#11243
    [InlineData("mistral", "codestral-latest")]
    [InlineData("ollama", "llama3.2")] // Gitlawb/openclaude#1371
    [InlineData("ollama", "qwen2.5-coder:7b")]
    public async Task Chat_ModelWithoutEffort_DropsAndNamesIt(string provider, string model) =>
        Assert.Equal((null, "reasoning_effort"), await SendAsync(provider, model, "high"));

    [Theory]
    [InlineData("openai", "gpt-5", "xhigh", "high")]
    [InlineData("openai", "gpt-5-mini-2025-08-07", "xhigh", "high")]
    [InlineData("openai", "gpt-5-mini", "minimal", "minimal")]
    [InlineData("azure", "gpt-5.1", "xhigh", "high")]
    [InlineData("openai", "o3", "xhigh", "high")]
    [InlineData("openai", "o4-mini", "minimal", "low")]
    [InlineData("openai", "gpt-5.2", "xhigh", "xhigh")]
    [InlineData("groq", "openai/gpt-oss-120b", "xhigh", "high")]
    [InlineData("groq", "qwen/qwen3-32b", "default", "default")]
    [InlineData("mistral", "mistral-small-latest", "high", "high")]
    [InlineData("ollama", "qwen3", "high", "high")]
    public async Task Chat_Effort_IsNearestOfModel(string provider, string model, string effort, string expected) =>
        Assert.Equal((expected, null), await SendAsync(provider, model, effort));

    [Fact]
    public async Task Messages_EffortOfClaude_IsNearestOfModel()
    {
        const string Request = """
            "max_tokens":9,"output_config":{"effort":"max"},"messages":[{"role":"user","content":"Hi"}]
            """;
        Assert.Equal(("high", null), await SendAsync("openai", "gpt-5", "/v1/messages", Request));
        Assert.Equal((null, "reasoning_effort"), await SendAsync("openai", "gpt-4o", "/v1/messages", Request));
    }

    /// <summary>
    /// onyx-dot-app/onyx#15008, BerriAI/litellm#34569: function tools only with the effort <c>none</c>, even where the
    /// client sends none at all.
    /// </summary>
    [Theory]
    [InlineData("openai", "gpt-5.4", "high", "none", "reasoning_effort")]
    [InlineData("openai", "gpt-5.6-sol", null, "none", null)]
    [InlineData("openai", "gpt-6-luna", "none", "none", null)]
    [InlineData("openai", "gpt-6.2-sol", "high", "high", null)]
    [InlineData("openai", "gpt-6-astra-2026-09-03", "none", "low", null)]
    [InlineData("azure", "gpt-6-luna", "low", "none", "reasoning_effort")]
    [InlineData("openai", "gpt-5", "high", "high", null)]
    [InlineData("openai", "gpt-4.1", null, null, null)]
    [InlineData("openai", "gpt-5.4", "high", "none", "reasoning_effort", "\"functions\":[{\"name\":\"f\"}]")]
    [InlineData("openai", "gpt-5.4", "high", "high", null, "\"functions\":[]")]
    public async Task Chat_EffortBesideTools_IsNone(
        string provider,
        string model,
        string? effort,
        string? expected,
        string? dropped,
        string tools = """
            "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]
            """
    )
    {
        var field = effort is null ? "" : $"\"reasoning_effort\":\"{effort}\",";
        Assert.Equal(
            (expected, dropped),
            await SendAsync(
                provider,
                model,
                "/v1/chat/completions",
                $$"""
                {{field}}"messages":[{"role":"user","content":"Hi"}],{{tools}}
                """
            )
        );
    }

    [Fact]
    public async Task Chat_EmptyTools_KeepsEffort() =>
        Assert.Equal(
            ("high", null),
            await SendAsync(
                "openai",
                "gpt-5.4",
                "/v1/chat/completions",
                """
                "reasoning_effort":"high","tools":[],"messages":[{"role":"user","content":"Hi"}]
                """
            )
        );

    /// <summary>Claude Code sends tools and an effort.</summary>
    [Fact]
    public async Task Messages_EffortBesideTools_IsNoneAndNamed() =>
        Assert.Equal(
            ("none", "reasoning_effort"),
            await SendAsync(
                "openai",
                "gpt-6-sol",
                "/v1/messages",
                """
                "max_tokens":9,"output_config":{"effort":"high"},"thinking":{"type":"adaptive"},
                "messages":[{"role":"user","content":"Hi"}],"tools":[{"name":"f","input_schema":{"type":"object"}}]
                """
            )
        );

    /// <summary>The name of an Azure deployment says nothing about its model.</summary>
    [Fact]
    public async Task Chat_RulesOfConfiguredDeployment_Apply()
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start(
            ("Providers:azure:BaseUrl", fake.BaseUrl),
            ("Providers:azure:ApiKey", "secret"),
            ("Providers:azure:Models:0:Model", "my-gpt"),
            ("Providers:azure:Models:0:OutputLimit", "max_completion_tokens"),
            ("Providers:azure:Models:0:WithTools:reasoning_effort", "none")
        );
        var reply = await Reply.ReadAsync(
            gateway.Client,
            """
            {"model":"azure/my-gpt","max_tokens":9,"reasoning_effort":"low",
             "messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"f"}}]}
            """
        );

        Assert.Equal("reasoning_effort", reply.Headers["x-cogniforge-dropped"]);
        var sent = fake.Calls.Single().Body;
        Assert.Equal(
            (9, "none"),
            (sent.GetProperty("max_completion_tokens").GetInt32(), sent.GetProperty("reasoning_effort").GetString())
        );
    }

    [Theory]
    [InlineData("outputLimit", "\"limit\"")]
    [InlineData("values", """{"reasoning_effort":null}""")]
    [InlineData("thinkingOn", """{"model":1}""")]
    [InlineData("withTools", """{"stream":true}""")]
    [InlineData("toolHistory", """{"messages":"a"}""")]
    public async Task Put_InvalidRuleOfModel_IsRejected(string name, string value)
    {
        using var gateway = GatewayHost.Start();
        using var response = await gateway.Client.PutAsync(
            "/api/v1/llm/providers/mine",
            $$$"""
            {"kind":"openAICompatible","baseUrl":"http://host/v1","models":[{"model":"m","{{{name}}}":{{{value}}}}]}
            """
        );

        Assert.True((await response.ReadAsync(400)).GetProperty("errors").TryGetProperty($"models[0].{name}", out _));
    }

    [Fact]
    public async Task Put_ValuesOfModel_PrecedeThoseOfProvider()
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start();
        var provider = $$$$"""
            {"kind":"openAICompatible","baseUrl":"{{{{fake.BaseUrl}}}}",
             "models":[{"model":"m*","values":{"reasoning_effort":{"xhigh":"most"}}}]}
            """;
        await (await gateway.Client.PutAsync("/api/v1/llm/providers/mine", provider)).ReadAsync(201);
        foreach (var model in (string[])["m1", "n1"])
        {
            await Reply.ReadAsync(
                gateway.Client,
                $$"""
                {"model":"mine/{{model}}","reasoning_effort":"xhigh","messages":[{"role":"developer","content":"Hi"}]}
                """
            );
        }

        Assert.Equal(
            ["most system", "high system"],
            fake.Calls.Select(c =>
                $"{c.Body.GetProperty("reasoning_effort")} {c.Body.GetProperty("messages")[0].GetProperty("role")}"
            )
        );
    }

    private static Task<(string? Effort, string? Dropped)> SendAsync(string provider, string model, string effort) =>
        SendAsync(
            provider,
            model,
            "/v1/chat/completions",
            $$"""
            "reasoning_effort":"{{effort}}","messages":[{"role":"user","content":"Hi"}]
            """
        );

    /// <summary>Returns the effort that the provider receives, and the names of the dropped fields.</summary>
    private static async Task<(string? Effort, string? Dropped)> SendAsync(
        string provider,
        string model,
        string path,
        string request
    )
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start(
            ($"Providers:{provider}:BaseUrl", fake.BaseUrl),
            ($"Providers:{provider}:ApiKey", "secret")
        );
        using var response = await gateway.Client.PostAsync(
            path,
            $$"""{"model":"{{provider}}/{{model}}",{{request}}}"""
        );
        await response.ReadAsync(200);
        var dropped = response.Headers.TryGetValues("x-cogniforge-dropped", out var names) ? names.Single() : null;
        return fake.Calls.Single().Body.TryGetProperty("reasoning_effort", out var effort)
            ? (effort.GetString(), dropped)
            : (null, dropped);
    }
}
