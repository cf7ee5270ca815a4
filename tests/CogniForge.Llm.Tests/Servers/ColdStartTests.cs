using System.Net;
using System.Net.Sockets;

namespace CogniForge.Llm.Tests.Servers;

/// <summary>Concurrent requests to a process that has just started.</summary>
public class ColdStartTests
{
    [Fact]
    public async Task FirstRequests_UnresponsiveRedis_Succeed()
    {
        // A server that accepts connections but never responds is worse than an unreachable one: the client waits.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var gateway = GatewayHost.Start(
            ("ConnectionStrings:cache", $"{silent.LocalEndpoint},connectTimeout=120000"),
            ("Routes:cached:Targets:0:Provider", "mock"),
            ("Routes:cached:Targets:0:Model", "mock"),
            ("Routes:cached:Cache:Lifetime", "00:01:00")
        );

        var body = """{"model":"cached","messages":[{"role":"user","content":"Hello"}]}""";
        var requests = Enumerable
            .Range(0, 16)
            .Select(_ => gateway.Client.PostAsync("/v1/chat/completions", body))
            .ToList();
        var alive = gateway.Client.GetAsync("/alive");

        var responses = await Task.WhenAll([.. requests, alive]).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.All(responses, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
    }

    [Theory]
    [InlineData("Routes:broken:Cache:Shared", "true", "Routes:broken:cache.lifetimeSeconds must be 1 to 2592000")]
    [InlineData(
        "Routes:broken:Limits:RequestsPerMinute",
        "0",
        "Routes:broken:limits.requestsPerMinute must be 1 to 1000000"
    )]
    [InlineData("Routes:broken:Limits:Requests", "1", "Routes:broken:limits.Requests is not a known setting")]
    [InlineData("Providers:broken:Kind", "Telepathy", "Providers:broken:kind must be one of mock, openAI")]
    public void Start_InvalidSettings_FailsNamingSetting(string name, string value, string named) =>
        Assert.Contains(
            named,
            Assert.ThrowsAny<Exception>(() => GatewayHost.Start((name, value))).ToString(),
            StringComparison.Ordinal
        );
}
