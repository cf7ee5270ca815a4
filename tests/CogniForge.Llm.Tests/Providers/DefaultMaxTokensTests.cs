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

    /// <summary>What a budget reserves follows what is sent; one that covers less cuts it.</summary>
    [Theory]
    [InlineData("anthropic-fake/claude-opus-5", "max_tokens", 100, 128_000)]
    [InlineData("openai-fake/gpt-5.4", "max_completion_tokens", 100, 128_000)]
    [InlineData("openai-fake/fake", "max_completion_tokens", 1_000_000, 4_096)]
    public async Task Chat_KeyWithBudget_ReservesModelsMaximum(string model, string field, int budget, int expected)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var limited = await LimitedGateway.WithAsync(provider);
        var (_, client) = await limited.NewKeyAsync($$""" {"budget":{"amount":{{budget}},"period":"day"} } """);
        await Reply.ReadAsync(client, Chat(model));
        Assert.Equal(expected, GetMaximum(provider.Calls[0], field));
    }

    [Fact]
    public async Task Chat_SmallBudget_CutsModelsMaximum()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var limited = await LimitedGateway.WithAsync(provider);
        var (_, client) = await limited.NewKeyAsync("""{"budget":{"amount":1,"period":"day"}}""");
        await Reply.ReadAsync(client, Chat("anthropic-fake/claude-opus-5"));
        Assert.InRange(GetMaximum(provider.Calls[0]), 30_000, 40_000); // 1 USD at 25 USD per million
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
