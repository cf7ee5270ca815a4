using System.Net;
using System.Net.Http.Json;

namespace CogniForge.EndToEnd.Tests;

/// <summary>Authorization in a deployed system.</summary>
[Trait("Category", "Servers")]
[Collection(ProductionCollection.Name)]
public sealed class KeyTests(ProductionSystem system)
{
    [Theory]
    [InlineData("llm")]
    [InlineData("serving")]
    [InlineData("analytics")]
    [InlineData("web")]
    public async Task Endpoints_MissingOrUnknownKey_ReturnUnauthorized(string service)
    {
        using var keyless = system.Client(service);
        var endpoints = await ServiceEndpoints.ListAsync(service, keyless);
        foreach (var key in new[] { null, "cf_dev", "cf_made-up" })
        {
            using var client = system.Client(service, key);
            foreach (var endpoint in endpoints)
            {
                using var request = endpoint.ToRequest();
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                Assert.True(
                    response.StatusCode == HttpStatusCode.Unauthorized,
                    $"{endpoint} with {key ?? "no key"}: {response.StatusCode}"
                );
                Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
            }
        }
    }

    [Theory]
    [InlineData("llm")]
    [InlineData("serving")]
    [InlineData("analytics")]
    [InlineData("web")]
    public async Task Endpoints_KeyLacksOnlyTheirScope_ReturnForbidden(string service)
    {
        using var admin = system.Client(service, RunningSystem.AdminKey);
        var scopes = (await Samples.GetAsync(admin, "/api/v1/whoami"))["scopes"]!
            .AsArray()
            .Select(s => (string)s!)
            .ToList();
        var endpoints = await ServiceEndpoints.ListAsync(service, admin);
        Assert.Equal("/api/v1/whoami", endpoints.Single(e => e.Scope is null).Path);

        foreach (var group in endpoints.Where(e => e.Scope is not null).GroupBy(e => e.Scope!))
        {
            using var created = await admin.PostAsJsonAsync(
                $"/api/v1/{service}/keys",
                new { name = $"all but {group.Key}", scopes = scopes.Except([group.Key]) }
            );
            using var client = system.Client(service, (string)(await Samples.ReadAsync(created))["key"]!);
            foreach (var endpoint in group)
            {
                using var request = endpoint.ToRequest();
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                Assert.True(
                    response.StatusCode == HttpStatusCode.Forbidden,
                    $"{endpoint} without {group.Key}: {response.StatusCode}"
                );
                Assert.Contains(group.Key, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("llm")]
    [InlineData("serving")]
    [InlineData("analytics")]
    [InlineData("web")]
    public async Task Probes_WithoutKey_ReturnOnlyStatus(string service)
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
    public async Task Key_OneScope_AllowsItsEndpointsUntilRevoked()
    {
        using var admin = system.Client("llm", RunningSystem.AdminKey);
        using var created = await admin.PostAsJsonAsync(
            "/api/v1/llm/keys",
            new { name = "reader", scopes = new[] { "llm:read" } }
        );
        var key = await Samples.ReadAsync(created);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);

        using var reader = system.Client("llm", (string)key["key"]!);
        Assert.Equal(
            ["llm:read"],
            (await Samples.GetAsync(reader, "/api/v1/whoami"))["scopes"]!.AsArray().Select(s => (string)s!)
        );
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("/api/v1/llm/requests/count")).StatusCode);

        using var rejected = await reader.PostAsync("/v1/chat/completions", Samples.Chat());
        Assert.Equal(HttpStatusCode.Forbidden, rejected.StatusCode);
        Assert.Contains("llm:invoke", await rejected.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var revoked = await admin.DeleteAsync($"/api/v1/llm/keys/{key["details"]!["id"]}");
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        await Until.GetAsync(
            () => reader.GetAsync("/api/v1/whoami"),
            r => r.StatusCode == HttpStatusCode.Unauthorized,
            TimeSpan.FromSeconds(5)
        );
    }

    [Fact]
    public async Task Dashboard_AdminKey_IsForwarded()
    {
        using var web = system.Client("web", RunningSystem.AdminKey);
        var dashboard = await Samples.GetAsync(web, "/api/v1/metrics/dashboard");
        Assert.All(
            new[] { "llm", "serving", "analytics" },
            service => Assert.Equal("ok", (string)dashboard[service]!["status"]!)
        );
    }
}
