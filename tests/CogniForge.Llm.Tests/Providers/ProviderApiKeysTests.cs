using CogniForge.Llm.Providers;
using Microsoft.Extensions.Configuration;

namespace CogniForge.Llm.Tests.Providers;

public class ProviderApiKeysTests
{
    private readonly Source _source = new();
    private readonly IConfigurationRoot _configuration;

    public ProviderApiKeysTests()
    {
        _source.Set("Providers:openai:ApiKey", "sk-1");
        _source.Set("Providers:empty:ApiKey", "");
        _source.Set("Providers:local:BaseUrl", "http://localhost");
        _configuration = new ConfigurationBuilder().Add(_source).Build();
    }

    [Theory]
    [InlineData("openai", "sk-1")]
    [InlineData("empty", null)]
    [InlineData("local", null)]
    [InlineData("unknown", null)]
    public void Get_Provider_ReturnsConfiguredKey(string provider, string? key)
    {
        using var keys = new ProviderApiKeys(_configuration);
        Assert.Equal(key, keys.Get(provider));
    }

    [Fact]
    public void Get_ReloadedConfiguration_ReturnsNewKey()
    {
        using var keys = new ProviderApiKeys(_configuration);
        _source.Set("Providers:openai:ApiKey", "sk-2");
        _source.Set("Providers:claude:ApiKey", "sk-3");
        _configuration.Reload();
        Assert.Equal(("sk-2", "sk-3"), (keys.Get("openai"), keys.Get("claude")));
    }

    [Fact]
    public void Get_ManyCalls_ReadConfigurationOnce()
    {
        using var keys = new ProviderApiKeys(_configuration);
        keys.Get("openai");
        var reads = _source.Reads;
        for (var i = 0; i < 100; i++)
        {
            keys.Get("openai");
        }

        Assert.Equal(reads, _source.Reads);
    }

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
