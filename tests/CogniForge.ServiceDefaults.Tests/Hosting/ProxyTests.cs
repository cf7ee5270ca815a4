using System.Net;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CogniForge.ServiceDefaults.Tests.Hosting;

public sealed class ProxyTests
{
    private static readonly (string, string) _loopback = ("CogniForge:ForwardedHeaders:KnownProxies:0", "127.0.0.1");

    [Fact]
    public async Task ForwardedHeaders_Default_AreIgnored() =>
        Assert.Equal("http from 127.0.0.1", await SeeAsync(forwardedFor: "203.0.113.9"));

    [Fact]
    public async Task ForwardedHeaders_KnownProxy_AreBelieved() =>
        Assert.Equal("https from 203.0.113.9", await SeeAsync("203.0.113.9", _loopback));

    [Fact]
    public async Task ForwardedHeaders_KnownNetwork_AreBelieved() =>
        Assert.Equal(
            "https from 203.0.113.9",
            await SeeAsync("203.0.113.9", ("CogniForge:ForwardedHeaders:KnownNetworks:0", "127.0.0.0/8"))
        );

    [Fact]
    public async Task ForwardedHeaders_OtherProxyKnown_AreIgnored() =>
        Assert.Equal(
            "http from 127.0.0.1",
            await SeeAsync("203.0.113.9", ("CogniForge:ForwardedHeaders:KnownProxies:0", "203.0.113.1"))
        );

    [Fact] // The client wrote the first address; the known proxies appended the others.
    public async Task ForwardedHeaders_SeveralProxies_StopAtFirstUnknown() =>
        Assert.EndsWith(
            "from 203.0.113.9",
            await SeeAsync(
                "198.51.100.1, 203.0.113.9, 10.0.0.2",
                _loopback,
                ("CogniForge:ForwardedHeaders:KnownNetworks:0", "10.0.0.0/8")
            ),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("CogniForge:ForwardedHeaders:KnownProxies:0", "proxy.example.com")]
    [InlineData("CogniForge:ForwardedHeaders:KnownNetworks:0", "10.0.0.0/99")]
    [InlineData("CogniForge:ForwardedHeaders:KnownHosts:0", "a")]
    [InlineData("CogniForge:AdminPort", "70000")]
    public async Task Start_InvalidSetting_FailsNamingIt(string key, string value)
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => TestService.StartAsync(settings: (key, value)));

        Assert.Contains(key.Split(':')[^(key.EndsWith(":0", StringComparison.Ordinal) ? 2 : 1)], refusal.Message);
    }

    [Theory]
    [InlineData("Production", true)]
    [InlineData("Development", false)]
    public async Task Hsts_HttpsBehindProxy_IsSentOutsideDevelopment(string environment, bool isSent)
    {
        await using var service = await TestService.StartAsync(environment: environment, settings: _loopback);
        using var response = await SendAsync(service, "/alive", "203.0.113.9", host: "llm.example.com");

        Assert.Equal(isSent, response.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Hsts_PlainHttp_IsNotSent()
    {
        await using var service = await TestService.StartAsync();
        using var response = await SendAsync(service, "/alive", "203.0.113.9", host: "llm.example.com");

        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("llm.example.com", HttpStatusCode.OK)]
    [InlineData("evil.example.com", HttpStatusCode.BadRequest)]
    public async Task AllowedHosts_Set_RejectOtherHosts(string host, HttpStatusCode status)
    {
        await using var service = await TestService.StartAsync(settings: ("AllowedHosts", "llm.example.com"));
        using var response = await SendAsync(service, "/alive", forwardedFor: null, host);

        Assert.Equal(status, response.StatusCode);
    }

    /// <summary>Returns the scheme and the client's address that the service sees.</summary>
    private static async Task<string> SeeAsync(string forwardedFor, params (string, string)[] settings)
    {
        await using var service = await TestService.StartAsync(
            app =>
                app.MapGet("/seen", (HttpContext c) => $"{c.Request.Scheme} from {c.Connection.RemoteIpAddress}")
                    .AllowAnonymous(),
            settings: settings
        );
        using var response = await SendAsync(service, "/seen", forwardedFor);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<HttpResponseMessage> SendAsync(
        TestService service,
        string path,
        string? forwardedFor,
        string? host = null
    )
    {
        using var client = service.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        if (forwardedFor is not null)
        {
            request.Headers.Add("X-Forwarded-For", forwardedFor);
            request.Headers.Add("X-Forwarded-Proto", string.Join(", ", forwardedFor.Split(',').Select(_ => "https")));
        }

        return await client.SendAsync(request);
    }
}
