using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.Logging;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>Providers are reached through the configured proxy.</summary>
public sealed class ProviderProxyTests
{
    private const string Chat = """{"model":"p/m","messages":[{"role":"user","content":"Hi"}]}""";

    // agentgateway/agentgateway#1084, Portkey-AI/gateway#1007: no way to the providers but the company's proxy.
    [Theory]
    [InlineData("Outbound:Proxy", "http://127.0.0.1:{0}")]
    [InlineData("Outbound:Proxy", "Environment", "HTTP_PROXY", "http://127.0.0.1:{0}")]
    [InlineData("Outbound:Proxy", "environment", "http_proxy", "127.0.0.1:{0}")] // curl's form without a scheme
    [InlineData("Outbound:Proxy", "environment", "ALL_PROXY", "http://127.0.0.1:{0}")]
    [InlineData("Providers:p:Proxy", "http://127.0.0.1:{0}")]
    public async Task Chat_Proxy_CarriesRequest(string setting, string value, string other = "x", string proxy = "")
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var server = FakeProxy.Start();
        using var gateway = GatewayHost.Start(
            ("Providers:p:BaseUrl", provider.BaseUrl),
            ("Providers:p:ApiKey", "sk-p"),
            (setting, Format(value)),
            (other, Format(proxy))
        );

        var reply = await Reply.ReadAsync(gateway.Client, Chat);

        Assert.Equal((200, "Hello"), (reply.Status, reply.Text));
        Assert.Equal([$"POST {provider.BaseUrl}/chat/completions HTTP/1.1"], server.RequestLines);

        string Format(string text) => text.Replace("{0}", $"{server.Port}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Outbound:NoProxy", "10.0.0.0/8, 127.0.0.1")]
    [InlineData("NO_PROXY", "127.0.0.0/8")] // BerriAI/litellm#2127, NousResearch/hermes-agent#59667: a network
    [InlineData("no_proxy", "*")]
    [InlineData("Providers:p:Proxy", "none")]
    public async Task Chat_ExemptHost_IsReachedDirectly(string setting, string value)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var server = FakeProxy.Start();
        using var gateway = GatewayHost.Start(
            ("Providers:p:BaseUrl", provider.BaseUrl),
            ("Outbound:Proxy", "environment"),
            ("HTTP_PROXY", $"http://127.0.0.1:{server.Port}"),
            (setting, value)
        );
        Assert.Equal(200, (await Reply.ReadAsync(gateway.Client, Chat)).Status);
        Assert.Empty(server.Heads);
    }

    [Fact]
    public async Task Chat_WithoutSetting_IgnoresEnvironment()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var server = FakeProxy.Start();
        using var gateway = GatewayHost.Start(
            ("Providers:p:BaseUrl", provider.BaseUrl),
            ("HTTP_PROXY", $"http://127.0.0.1:{server.Port}")
        );
        Assert.Equal(200, (await Reply.ReadAsync(gateway.Client, Chat)).Status);
        Assert.Empty(server.Heads);
    }

    [Fact]
    public async Task Chat_ProxyWithPassword_GetsItOnlyWhenAsked()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var server = FakeProxy.Start("ann:p:ss");
        using var gateway = GatewayHost.Start(
            ("Providers:p:BaseUrl", provider.BaseUrl),
            ("Outbound:Proxy", $"http://ann:p%3Ass@127.0.0.1:{server.Port}")
        );
        Assert.Equal((200, "Hello"), await ReadAsync(gateway));
        Assert.Equal([false, true], server.Heads.Select(h => h.Contains("Proxy-Authorization", Ignore)));
        Assert.False(provider.Calls.Single().Headers.ContainsKey("Proxy-Authorization"));
    }

    // The key of a provider is inside the tunnel: the proxy sees the host alone.
    [Fact]
    public async Task Chat_KnownProvider_IsAskedForTunnel()
    {
        await using var server = FakeProxy.Start("ann:secret-word");
        using var gateway = GatewayHost.Start(
            ("Providers:groq:ApiKey", "gsk-secret-key"),
            ("Outbound:Proxy", "environment"),
            ("HTTPS_PROXY", $"http://ann:secret-word@127.0.0.1:{server.Port}"),
            ("ModelList:Timeout", "00:01:00")
        );
        var reply = await Reply.ReadAsync(gateway.Client, Chat.Replace("p/m", "groq/m", StringComparison.Ordinal));
        using var models = await gateway.Client.GetAsync("/v1/models");

        Assert.Equal(502, reply.Status);
        await models.ReadAsync(200);
        Assert.Equal(["CONNECT api.groq.com:443 HTTP/1.1"], server.RequestLines.Distinct());
        Assert.DoesNotContain(server.Heads, h => h.Contains("gsk-", StringComparison.Ordinal));
        var shown = gateway.Logged(LogLevel.Information).Append(reply.Error!.Value.GetRawText()).ToList();
        Assert.Contains(shown, l => l.Contains("The provider groq does not respond", StringComparison.Ordinal));
        Assert.DoesNotContain(shown, l => l.Contains("secret-word", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Outbound:Proxy", "ftp://proxy")]
    [InlineData("Outbound:Proxy", "http://")]
    [InlineData("Outbound:Prox", "none")]
    public void Start_WrongProxy_Fails(string name, string value)
    {
        var error = Assert.ThrowsAny<Exception>(() => GatewayHost.Start((name, value)));
        Assert.Contains(name, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_WrongProxyOfEnvironment_Fails() =>
        Assert.ThrowsAny<Exception>(() =>
            GatewayHost.Start(("Outbound:Proxy", "environment"), ("HTTPS_PROXY", "ftp://proxy:21"))
        );

    // A proxy must not lead the way to metadata services that the gateway itself refuses.
    [Fact]
    public async Task Chat_MetadataAddress_NeverReachesProxy()
    {
        await using var server = FakeProxy.Start();
        using var gateway = GatewayHost.Start(("Outbound:Proxy", $"http://127.0.0.1:{server.Port}"));
        await Problem.ReadRulesAsync(
            await gateway.Client.PutAsync(
                "/api/v1/llm/providers/p",
                """{"kind":"openAICompatible","baseUrl":"http://169.254.169.254/v1"}"""
            )
        );
        Assert.Empty(server.Heads);
    }

    private const StringComparison Ignore = StringComparison.OrdinalIgnoreCase;

    private static async Task<(int, string)> ReadAsync(GatewayHost gateway)
    {
        var reply = await Reply.ReadAsync(gateway.Client, Chat);
        return (reply.Status, reply.Text);
    }
}
