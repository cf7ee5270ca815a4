using CogniForge.Llm.Providers;
using CogniForge.Llm.Routing;
using Microsoft.Extensions.Configuration;

namespace CogniForge.Llm.Tests.Providers;

public class ProviderApiKeysTests
{
    private readonly Source _source = new();
    private readonly IConfigurationRoot _configuration;

    public ProviderApiKeysTests()
    {
        _source.Set("Providers:openai:ApiKey", "sk-1");
        _source.Set("Providers:azure:Kind", "OpenAI");
        _source.Set("Providers:azure:BaseUrl", "https://me.openai.azure.com/v1");
        _source.Set("Providers:azure:ApiKey", "sk-2");
        _source.Set("Providers:alone:ApiKey", "sk-3");
        _source.Set("Providers:empty:BaseUrl", "http://localhost");
        _source.Set("Providers:empty:ApiKey", "");
        _source.Set("Providers:local:BaseUrl", "http://localhost");
        _configuration = new ConfigurationBuilder().Add(_source).Build();
    }

    [Theory]
    [InlineData("openai", null, "sk-1")]
    [InlineData("openai", "https://api.openai.com/v2", "sk-1")]
    [InlineData("openai", "https://API.OpenAI.com:443/", "sk-1")]
    [InlineData("openai", "http://api.openai.com/v1", null)]
    [InlineData("openai", "https://api.openai.com:8443/v1", null)]
    [InlineData("openai", "https://api.openai.com.thief.example/v1", null)]
    [InlineData("azure", "https://me.openai.azure.com/v1", "sk-2")]
    [InlineData("azure", null, null)]
    [InlineData("alone", "https://thief.example/v1", null)]
    [InlineData("empty", "http://localhost", null)]
    [InlineData("local", "http://localhost", null)]
    [InlineData("unknown", "http://localhost", null)]
    public void Get_Provider_ReturnsKeyOfItsOrigin(string name, string? url, string? key)
    {
        using var keys = new ProviderApiKeys(_configuration);
        Assert.Equal(key, keys.Get(Create(name, url)));
    }

    [Theory]
    [InlineData("groq", null, "sk-6")]
    [InlineData("groq", "https://api.mistral.ai/v1", null)]
    [InlineData("fast", null, "sk-7")]
    [InlineData("azure-eu", "https://me.openai.azure.com/openai/v1", null)]
    public void Get_KnownProvider_ReturnsKeyOfKnownAddress(string name, string? url, string? key)
    {
        _source.Set("Providers:groq:ApiKey", "sk-6");
        _source.Set("Providers:fast:Kind", "Groq");
        _source.Set("Providers:fast:ApiKey", "sk-7");
        _source.Set("Providers:azure-eu:Kind", "azure"); // has no address of its own
        _source.Set("Providers:azure-eu:ApiKey", "sk-8");
        using var keys = new ProviderApiKeys(_configuration);
        var provider = new Provider(name, ProviderProfiles.Find("groq")!, url is null ? null : new Uri(url));
        Assert.Equal(key, keys.Get(provider));
    }

    [Fact]
    public void Get_ReloadedConfiguration_ReturnsNewKey()
    {
        using var keys = new ProviderApiKeys(_configuration);
        _source.Set("Providers:openai:ApiKey", "sk-4");
        _source.Set("Providers:claude:ApiKey", "sk-5");
        _source.Set("Providers:claude:BaseUrl", "http://localhost");
        _configuration.Reload();
        Assert.Equal(("sk-4", "sk-5"), (keys.Get(Create("openai")), keys.Get(Create("claude", "http://localhost"))));
    }

    [Fact]
    public void Get_ManyCalls_ReadConfigurationOnce()
    {
        using var keys = new ProviderApiKeys(_configuration);
        keys.Get(Create("openai"));
        var reads = _source.Reads;
        for (var i = 0; i < 100; i++)
        {
            keys.Get(Create("openai"));
        }

        Assert.Equal(reads, _source.Reads);
    }

    private static Provider Create(string name, string? url = null) =>
        new(name, ProviderKind.OpenAI, url is null ? null : new Uri(url));

    private sealed class Source : ConfigurationProvider, IConfigurationSource
    {
        public int Reads { get; private set; }

        public override bool TryGet(string key, out string? value)
        {
            Reads++;
            return base.TryGet(key, out value);
        }

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;
    }
}
