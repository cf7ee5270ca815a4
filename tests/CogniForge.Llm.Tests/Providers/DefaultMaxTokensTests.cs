using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Limits;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>Anthropic requires a maximum of output tokens; without one, the model's own applies.</summary>
public sealed class DefaultMaxTokensTests
{
    // BerriAI/litellm#8835, envoyproxy/ai-gateway#893, TanStack/ai#853: responses and tool calls end at 4,096 tokens.
    [Theory]
    [InlineData("claude-opus-5-5", 128_000)]
    [InlineData("claude-sonnet-4-5-20250929", 64_000)]
    [InlineData("claude-opus-4-1", 32_000)]
    [InlineData("claude-3-haiku-20240307", 4_096)]
    [InlineData("claude-of-next-year", 32_000)]
    [InlineData("other", 4_096)]
    public async Task Chat_WithoutMaximum_SendsModelsOwn(string model, int expected)
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start(
            ("Providers:anthropic:BaseUrl", provider.BaseUrl),
            ("Providers:anthropic:ApiKey", "sk-ant")
        );

        await Reply.ReadAsync(
            gateway.Client,
            $$"""{"model":"anthropic/{{model}}","messages":[{"role":"user","content":"Hi"}]}"""
        );

        Assert.Equal(expected, provider.Calls.Single().Body.GetProperty("max_tokens").GetInt32());
    }

    [Theory]
    [InlineData("Providers:anthropic:Models:0:Model", "Providers:anthropic:Models:0:MaxOutputTokens", "claude-opus-5*")]
    [InlineData("Providers:anthropic:Models:0:Model", "Providers:anthropic:Models:0:MaxOutputTokens", "*")]
    public async Task Chat_MaximumOfConfiguration_Wins(string model, string maximum, string pattern)
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start(
            ("Providers:anthropic:BaseUrl", provider.BaseUrl),
            (model, pattern),
            (maximum, "777")
        );
        await Reply.ReadAsync(gateway.Client, Chat("anthropic/claude-opus-5-5"));
        Assert.Equal(777, GetMaximum(provider.Calls.Single()));
    }

    [Fact]
    public async Task Chat_MaximumOfRoute_Wins()
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start(
            ("Providers:anthropic:BaseUrl", provider.BaseUrl),
            ("Routes:r:Targets:0:Provider", "anthropic"),
            ("Routes:r:Targets:0:Model", "claude-opus-5-5"),
            ("Routes:r:MaxOutputTokens", "555")
        );
        await Reply.ReadAsync(gateway.Client, Chat("r"));
        Assert.Equal(555, GetMaximum(provider.Calls.Single()));
    }

    [Theory]
    [InlineData("max_tokens")]
    [InlineData("max_completion_tokens")]
    public async Task Chat_MaximumOfClient_Wins(string field)
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start(("Providers:anthropic:BaseUrl", provider.BaseUrl));
        await Reply.ReadAsync(gateway.Client, Chat("anthropic/claude-opus-5-5", $",\"{field}\":33"));
        Assert.Equal(33, GetMaximum(provider.Calls.Single()));
    }

    [Fact]
    public async Task Responses_WithoutMaximum_SendsModelsOwn()
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start(("Providers:anthropic:BaseUrl", provider.BaseUrl));
        using var response = await gateway.Client.PostAsync(
            "/v1/responses",
            """{"model":"anthropic/claude-opus-5-5","input":"Hi"}"""
        );
        Assert.Equal(128_000, GetMaximum(provider.Calls.Single()));
    }

    /// <summary>A budget holds 4,096 tokens at most, so that one request does not hold it alone.</summary>
    [Theory]
    [InlineData("anthropic-fake/claude-opus-5", "max_tokens", 4_096)]
    [InlineData("openai-fake/gpt-5.4", "max_completion_tokens", 4_096)]
    [InlineData("openai-fake/fake", "max_completion_tokens", 4_096)]
    [InlineData("short/claude-opus-5", "max_tokens", 777)]
    public async Task Chat_KeyWithBudget_SendsDefault(string model, string field, int expected)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var limited = await LimitedGateway.WithAsync(
            provider,
            null,
            ("Providers:short:Kind", "anthropic"),
            ("Providers:short:BaseUrl", provider.BaseUrl),
            ("Providers:short:Models:0:Model", "*"),
            ("Providers:short:Models:0:MaxOutputTokens", "777")
        );
        var (id, client) = await limited.NewKeyAsync("""{"budget":{"amount":1,"period":"day"}}""");
        var held = 0m;
        provider.Behaviour = async call =>
        {
            held = (await limited.BudgetAsync(id)).GetProperty("held").GetDecimal();
            await call.RespondAsync("Hello");
        };
        await Reply.ReadAsync(client, Chat(model));
        Assert.Equal(expected, GetMaximum(provider.Calls[0], field));
        Assert.InRange(held, 0.000_001m, 0.15m); // of 25 USD per million at most
    }

    [Fact]
    public async Task Chat_ProjectWithBudget_SendsDefault()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var limited = await LimitedGateway.WithAsync(provider);
        await limited.PutProjectAsync("team-a", """{"budget":{"amount":100,"period":"day"}}""");
        var (_, client) = await limited.NewKeyAsync("""{"project":"team-a"}""");
        await Reply.ReadAsync(client, Chat("anthropic-fake/claude-opus-5"));
        Assert.Equal(4_096, GetMaximum(provider.Calls[0]));
    }

    [Fact]
    public async Task Chat_KeyWithoutBudget_SendsModelsOwn()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var limited = await LimitedGateway.WithAsync(provider);
        var (_, client) = await limited.NewKeyAsync("""{"requestsPerMinute":100}""");
        await Reply.ReadAsync(client, Chat("anthropic-fake/claude-opus-5"));
        Assert.Equal(128_000, GetMaximum(provider.Calls[0]));
    }

    /// <summary>A target of unknown maximum may refuse that of another one.</summary>
    [Fact]
    public async Task Chat_FallbackOfUnknownMaximum_GetsDefault()
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.InTurn(call => call.ErrorAsync(404, "not_found_error"), call => call.RespondAsync("Hello"));
        await using var limited = await LimitedGateway.WithAsync(
            provider,
            null,
            ("Routes:r:Targets:0:Provider", "anthropic-fake"),
            ("Routes:r:Targets:0:Model", "claude-opus-5"),
            ("Routes:r:Targets:1:Provider", "fake"),
            ("Routes:r:Targets:1:Model", "fake")
        );
        var (_, client) = await limited.NewKeyAsync("""{"budget":{"amount":100,"period":"day"}}""");
        await Reply.ReadAsync(client, Chat("r"));
        Assert.Equal([4_096, 4_096], provider.Calls.Select(c => GetMaximum(c)));
    }

    [Fact]
    public async Task Chat_SmallBudget_CutsDefault()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var limited = await LimitedGateway.WithAsync(provider);
        var (_, client) = await limited.NewKeyAsync("""{"budget":{"amount":0.05,"period":"day"}}""");
        await Reply.ReadAsync(client, Chat("anthropic-fake/claude-opus-5"));
        Assert.InRange(GetMaximum(provider.Calls[0]), 1_000, 2_000); // 0.05 USD at 25 USD per million
    }

    /// <summary>The budget reserves what the request limits, whatever the provider's quirks drop.</summary>
    [Fact]
    public async Task Chat_QuirkDropsLimit_BudgetKeepsIt()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var limited = await LimitedGateway.WithAsync(
            provider,
            null,
            ("Providers:fake:Quirks:Fields:max_tokens", ""),
            ("Providers:fake:Quirks:Fields:max_completion_tokens", "")
        );
        var (_, client) = await limited.NewKeyAsync("""{"budget":{"amount":1,"period":"day"}}""");
        await Reply.ReadAsync(client, Chat("fake/fake", ",\"max_tokens\":4"));
        Assert.Equal(4, GetMaximum(provider.Calls[0]));
    }

    [Fact]
    public async Task Chat_FallbackWithSmallerMaximum_FitsIt()
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.Behaviour = call => call.ErrorAsync(404, "not_found_error");
        using var gateway = GatewayHost.Start(
            ("Providers:anthropic:BaseUrl", provider.BaseUrl),
            ("Routes:r:Targets:0:Provider", "anthropic"),
            ("Routes:r:Targets:0:Model", "claude-opus-5-5"),
            ("Routes:r:Targets:1:Provider", "anthropic"),
            ("Routes:r:Targets:1:Model", "claude-3-haiku"),
            ("Routes:r:MaxOutputTokens", "50000")
        );
        await Reply.ReadAsync(gateway.Client, Chat("r"));
        Assert.Equal([50_000, 4_096], provider.Calls.Select(c => GetMaximum(c)));
    }

    private static string Chat(string model, string more = "") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hi"}]{{more}}}""";

    private static int GetMaximum(FakeCall call, string field = "max_tokens") =>
        call.Body.GetProperty(field).GetInt32();
}
