using System.Net;
using System.Net.Http.Json;

namespace CogniForge.AppHost.Tests;

/// <summary>Who may do what, as deployed.</summary>
[Collection(ProductionCollection.Name)]
public sealed class KeyTests(ProductionSystem system)
{
    public static TheoryData<string, string, string> Endpoints => new()
    {
        { "llm", "POST", "/v1/chat/completions" },
        { "llm", "GET", "/v1/models" },
        { "llm", "GET", "/api/v1/llm/requests/count" },
        { "serving", "POST", "/api/v1/serving/models" },
        { "serving", "GET", "/api/v1/serving/models" },
        { "serving", "POST", "/v2/models/any/infer" },
        { "analytics", "POST", "/api/v1/events" },
        { "analytics", "GET", "/api/v1/events/count" },
        { "web", "GET", "/api/v1/metrics/dashboard" },
        { "web", "GET", "/" },
        { "llm", "GET", "/metrics" },
        { "llm", "GET", "/health/details" },
        { "llm", "GET", "/api/v1/whoami" },
        { "llm", "GET", "/api/v1/llm/keys" },
    };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Request_WithoutKeyOrWithTheDevelopmentKey_IsRefused(string service, string method, string path)
    {
        foreach (var key in new[] { null, "cf_dev", "cf_made-up" })
        {
            using var client = system.Client(service, key);
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "POST" ? Samples.Json("{}") : null };
            using var response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        }
    }

    [Theory]
    [InlineData("llm")]
    [InlineData("serving")]
    [InlineData("analytics")]
    [InlineData("web")]
    public async Task Probes_WithoutKey_SayTheStatusAlone(string service)
    {
        using var client = system.Client(service);
        Assert.Equal("Healthy", await client.GetStringAsync("/health"));
        Assert.Equal("Healthy", await client.GetStringAsync("/alive"));
    }

    [Theory]
    [InlineData("llm")]
    [InlineData("serving")]
    [InlineData("analytics")]
    [InlineData("web")]
    public async Task AdminKey_AtEveryService_HasAllScopes(string service)
    {
        using var client = system.Client(service, RunningSystem.AdminKey);
        var me = await Samples.GetAsync(client, "/api/v1/whoami");
        Assert.Equal("root", (string)me["name"]!);
        Assert.Contains($"{service}:admin", me["scopes"]!.AsArray().Select(s => (string)s!));
    }

    [Fact]
    public async Task Key_WithOneScope_OpensOnlyItsEndpoints_UntilItIsRevoked()
    {
        using var admin = system.Client("llm", RunningSystem.AdminKey);
        using var created = await admin.PostAsJsonAsync("/api/v1/llm/keys", new { name = "reader", scopes = new[] { "llm:read" } });
        var key = await Samples.ReadAsync(created);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);

        using var reader = system.Client("llm", (string)key["key"]!);
        Assert.Equal(["llm:read"], (await Samples.GetAsync(reader, "/api/v1/whoami"))["scopes"]!.AsArray().Select(s => (string)s!));
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("/api/v1/llm/requests/count")).StatusCode);

        using var refused = await reader.PostAsync("/v1/chat/completions", Samples.Chat());
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("llm:invoke", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var revoked = await admin.DeleteAsync($"/api/v1/llm/keys/{key["details"]!["id"]}");
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        await Eventually.GetAsync(() => reader.GetAsync("/api/v1/whoami"), r => r.StatusCode == HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Dashboard_WithAdminKey_ForwardsIt()
    {
        using var web = system.Client("web", RunningSystem.AdminKey);
        var dashboard = await Samples.GetAsync(web, "/api/v1/metrics/dashboard");
        Assert.All(new[] { "llm", "serving", "analytics" }, service => Assert.Equal("ok", (string)dashboard[service]!["status"]!));
    }
}
