using CogniForge.Llm.Configuration;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.Configuration;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>A key alone, or for local servers a kind alone, configures a known provider.</summary>
public sealed class ProvidersByNameTests
{
    private const string Path = "/api/v1/llm/providers";

    [Theory]
    [InlineData("gemini", "https://generativelanguage.googleapis.com/v1beta/openai/")]
    [InlineData("mistral", "https://api.mistral.ai/v1/")]
    [InlineData("GROQ", "https://api.groq.com/openai/v1/")]
    [InlineData("DeepSeek", "https://api.deepseek.com/v1/")]
    [InlineData("xai", "https://api.x.ai/v1/")]
    [InlineData("kimi", "https://api.moonshot.ai/v1/")]
    [InlineData("together", "https://api.together.xyz/v1/")]
    [InlineData("fireworks", "https://api.fireworks.ai/inference/v1/")]
    [InlineData("openai", "https://api.openai.com/v1/")]
    [InlineData("anthropic", "https://api.anthropic.com/v1/")]
    [InlineData("openrouter", "https://openrouter.ai/api/v1/")]
    public void Read_KeyAlone_KnowsAddress(string name, string address)
    {
        var provider = Assert.Single(Read(($"Providers:{name}:ApiKey", "secret")).Providers);
        Assert.Equal((name.ToLowerInvariant(), address), (provider.Name, provider.Address!.AbsoluteUri));
    }

    [Theory]
    [InlineData("ollama", "http://localhost:11434/v1/")]
    [InlineData("vllm", "http://localhost:8000/v1/")]
    [InlineData("lmstudio", "http://localhost:1234/v1/")]
    public void Read_LocalKindAlone_NeedsNoKey(string name, string address)
    {
        var provider = Assert.Single(Read(($"Providers:{name}:Kind", name)).Providers);
        Assert.Equal(address, provider.Address!.AbsoluteUri);
    }

    [Fact]
    public void Read_OtherName_TakesKindsProfile()
    {
        var provider = Assert.Single(Read(("Providers:fast:Kind", "Groq"), ("Providers:fast:ApiKey", "k")).Providers);
        Assert.Equal(("fast", "groq"), (provider.Name, provider.Profile.Name));
        Assert.Equal("https://api.groq.com/openai/v1/", provider.Address!.AbsoluteUri);
    }

    // A name that is almost right ends the start: its key would be sent nowhere.
    [Theory]
    [InlineData("grok", "ApiKey", "k", "Providers:grok: needs a BaseUrl, or a name of a known provider: mock, openAI,")]
    [InlineData("groqq", "Proxy", "none", "Providers:groqq: needs a BaseUrl, or a name of a known provider: mock,")]
    [InlineData("azure", "ApiKey", "k", "is required, e.g. https://{resource}.openai.azure.com/openai/v1")]
    [InlineData("bedrock", "ApiKey", "k", "is required, e.g. https://bedrock-runtime.{region}.amazonaws.com/openai/v1")]
    [InlineData("p", "Kind", "grokk", "Providers:p:kind must be one of mock, openAI, anthropic, openRouter,")]
    [InlineData("groq", "Proxy", "ftp://proxy", "Providers:groq:proxy must be none, a URL with http, https or socks5")]
    [InlineData("groq", "ApiKeyHeader", "a b", "Providers:groq:apiKeyHeader must be 1 to 64 letters")]
    [InlineData("groq", "Models:0:MaxOutputTokens", "0", "Providers:groq:models[0].maxOutputTokens must be 1 or more")]
    [InlineData("groq", "Quirks:Fields:model", "x", "Providers:groq:quirks.fields must name fields of 1 to 100")]
    [InlineData("groq", "Quirks:OutputLimit", "tokens", "Providers:groq:quirks.outputLimit must be one of max_tokens,")]
    [InlineData("groq", "Quirks:ToolCallIdLength", "2", "Providers:groq:quirks.toolCallIdLength must be 4 to 40")]
    public void Read_WrongProvider_NamesRule(string name, string setting, string value, string rule)
    {
        var error = Assert.Throws<InvalidConfigException>(() => Read(($"Providers:{name}:{setting}", value)));
        Assert.Contains(rule, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_Azure_SendsApiKeyHeader()
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start(
            ("Providers:azure:BaseUrl", fake.BaseUrl),
            ("Providers:azure:ApiKey", "secret")
        );
        await Reply.ReadAsync(
            gateway.Client,
            """{"model":"azure/my-deployment","messages":[{"role":"user","content":"Hi"}]}"""
        );
        var call = fake.Calls.Single();
        Assert.Equal(("secret", ""), (call.Headers["api-key"].ToString(), call.Headers.Authorization.ToString()));
        Assert.Equal(("my-deployment", "/v1/chat/completions"), (call.Model, call.Path));
    }

    [Theory]
    [InlineData("groq", "{}", "groq", "https://api.groq.com/openai/v1/")]
    [InlineData("fast", """{"kind":"groq"}""", "groq", "https://api.groq.com/openai/v1/")]
    [InlineData("ollama", """{"kind":"ollama","baseUrl":"http://gpu:11434/v1"}""", "ollama", "http://gpu:11434/v1/")]
    public async Task Put_KnownProvider_NeedsNoAddress(string name, string body, string kind, string address)
    {
        using var gateway = GatewayHost.Start();
        var created = await (await gateway.Client.PutAsync($"{Path}/{name}", body)).ReadAsync(201);
        Assert.Equal(
            (kind, address, false),
            (
                created.GetProperty("kind").GetString(),
                created.GetProperty("baseUrl").GetString(),
                created.GetProperty("hasKey").GetBoolean()
            )
        );
    }

    // The key of a known name belongs to its known address, whatever the API sets.
    [Theory]
    [InlineData("""{"kind":"openAICompatible","baseUrl":"https://thief.example/v1"}""", "https://api.groq.com")]
    [InlineData("""{"kind":"mistral"}""", "https://api.groq.com")]
    [InlineData("""{"kind":"ollama"}""", "https://api.groq.com")]
    public async Task Put_KeyedName_StaysAtItsAddress(string body, string home)
    {
        using var gateway = GatewayHost.Start(("Providers:groq:ApiKey", "secret"));
        Assert.Equal(
            [$"baseUrl: must be at {home}: the configured key of groq is sent nowhere else"],
            await Problem.ReadRulesAsync(await gateway.Client.PutAsync($"{Path}/groq", body))
        );
    }

    [Theory]
    [InlineData("groq/llama-3.3-70b-versatile", "its API key in Providers__groq__ApiKey,")]
    [InlineData("gemini-3.5-flash", "its API key in Providers__gemini__ApiKey,")]
    [InlineData("ollama/llama3.2", "Providers__ollama__Kind=ollama,")]
    public async Task Chat_MissingKnownProvider_NamesSetting(string model, string setting)
    {
        using var gateway = GatewayHost.Start();
        var reply = await Reply.ReadAsync(
            gateway.Client,
            $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hi"}]}"""
        );
        Assert.Equal(404, reply.Status);
        Assert.Contains(setting, reply.Error!.Value.GetRawText(), StringComparison.Ordinal);
    }

    private static StartupConfig Read(params (string Name, string Value)[] settings) =>
        StartupConfigReader.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => (string?)s.Value))
                .Build(),
            hasMock: true
        );
}
