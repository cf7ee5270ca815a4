using System.Net;
using System.Text.Json;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.ServiceDefaults.Tests.Audit;

/// <summary>Refused log-ins: their limit per address and their entries in the audit.</summary>
public sealed class RefusedLoginTests : IAsyncLifetime
{
    private const string AddressHeader = "X-Test-Address";
    private readonly FakeTimeProvider _clock = new(TestTime.Start.AddSeconds(20));
    private TestService _service = null!;

    public async Task InitializeAsync() =>
        _service = await TestService.StartAsync(
            configure: b =>
            {
                b.Services.AddSingleton<TimeProvider>(_clock);
                b.Services.AddSingleton<IStartupFilter>(new ClientAddressFilter(AddressHeader));
            },
            settings: ("CogniForge:MaxFailedLoginsPerMinute", "3")
        );

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Get_InvalidKeysBeyondLimit_Return429WithRetryAfter()
    {
        await FailAsync("192.0.2.1", 3, HttpStatusCode.Unauthorized);

        using var limited = await GetAsync("cf_made-up", "192.0.2.1");

        await limited.ProblemAsync(HttpStatusCode.TooManyRequests);
        Assert.Equal(TimeSpan.FromSeconds(40), limited.Headers.RetryAfter?.Delta);
        await FailAsync("192.0.2.2", 1, HttpStatusCode.Unauthorized);
        _clock.Advance(TimeSpan.FromSeconds(40));
        await FailAsync("192.0.2.1", 1, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Get_ValidKeyFromLimitedAddress_IsAccepted()
    {
        var secret = await CreateKeyAsync("""{"name":"k","scopes":["llm:read"]}""");
        await FailAsync("192.0.2.1", 3, HttpStatusCode.Unauthorized);
        await FailAsync("192.0.2.1", 3, HttpStatusCode.TooManyRequests);

        // This key was never looked up before.
        using var accepted = await GetAsync(secret, "192.0.2.1");

        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }

    [Fact]
    public async Task Get_InvalidKeysFromOneIPv6Network_ShareLimit()
    {
        await FailAsync("2001:db8:1:2::1", 2, HttpStatusCode.Unauthorized);
        await FailAsync("2001:db8:1:2:ffff::9", 1, HttpStatusCode.Unauthorized);

        await FailAsync("2001:db8:1:2:3::", 1, HttpStatusCode.TooManyRequests);
        await FailAsync("2001:db8:1:3::1", 1, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Audit_Flood_IsOneEntryPerAddressAndMinute()
    {
        for (var i = 0; i < 10; i++)
        {
            using var response = await GetAsync($"cf_made-up-{i}", "192.0.2.1");
        }

        using (await GetAsync("cf_made-up", "2001:db8::1")) { }

        var entries = await AuditAsync(count: 2);

        Assert.Equal(
            [
                ("anonymous", "192.0.2.1", "RefuseLogin", 10, "2026-03-01T12:00:00+00:00"),
                ("anonymous", "2001:db8::/64", "RefuseLogin", 1, "2026-03-01T12:00:00+00:00"),
            ],
            entries
                .Select(e =>
                    (
                        e.GetProperty("actor").GetProperty("id").GetString(),
                        e.GetProperty("actor").GetProperty("address").GetString(),
                        e.GetProperty("action").GetString(),
                        e.GetProperty("count").GetInt32(),
                        e.GetProperty("occurredAt").GetString()
                    )
                )
                .Order()
        );
    }

    [Fact]
    public async Task Audit_FloodFromManyAddresses_Has101EntriesPerMinute()
    {
        for (var i = 0; i < 120; i++)
        {
            using var response = await GetAsync("cf_made-up", $"192.0.2.{i}");
        }

        var entries = await AuditAsync(count: 101);

        var rest = Assert.Single(
            entries,
            e => e.GetProperty("actor").GetProperty("address").ValueKind == JsonValueKind.Null
        );
        Assert.Equal(20, rest.GetProperty("count").GetInt32());
    }

    [Theory]
    [InlineData("192.0.2.7", HttpStatusCode.OK)]
    [InlineData("198.51.100.200", HttpStatusCode.OK)]
    [InlineData("::ffff:198.51.100.200", HttpStatusCode.OK)]
    [InlineData("2001:db8:5::1", HttpStatusCode.OK)]
    [InlineData("192.0.2.8", HttpStatusCode.Forbidden)]
    [InlineData("2001:db9::1", HttpStatusCode.Forbidden)]
    public async Task Get_KeyWithAllowedAddresses_WorksOnlyThere(string address, HttpStatusCode status)
    {
        var secret = await CreateKeyAsync(
            """
            {"name":"k","scopes":["llm:read"],"allowedAddresses":["192.0.2.7","198.51.100.0/24","2001:db8::/32"]}
            """
        );

        using var response = await GetAsync(secret, address);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Audit_KeyAtForeignAddress_NamesKeyAndAddress()
    {
        var secret = await CreateKeyAsync(
            """{"name":"office","scopes":["llm:read"],"allowedAddresses":["192.0.2.7"]}"""
        );

        using var refused = await GetAsync(secret, "203.0.113.9");

        await refused.ProblemAsync(HttpStatusCode.Forbidden);
        Assert.DoesNotContain("203.0.113.9", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var entry = Assert.Single(await AuditAsync(count: 1, "RefuseAddress"));
        Assert.Equal(
            ("office", "203.0.113.9"),
            (
                entry.GetProperty("actor").GetProperty("name").GetString(),
                entry.GetProperty("actor").GetProperty("address").GetString()
            )
        );
    }

    private async Task FailAsync(string address, int times, HttpStatusCode status)
    {
        for (var i = 0; i < times; i++)
        {
            using var response = await GetAsync("cf_made-up", address);
            Assert.Equal(status, response.StatusCode);
        }
    }

    private async Task<HttpResponseMessage> GetAsync(string key, string address)
    {
        using var client = _service.Client(key);
        client.DefaultRequestHeaders.Add(AddressHeader, address);
        return await client.GetAsync("/api/v1/whoami");
    }

    private async Task<string> CreateKeyAsync(string body)
    {
        using var root = _service.Client();
        using var created = await root.PostAsync("/api/v1/llm/keys", Answers.Json(body));
        return (await created.JsonAsync()).GetProperty("key").GetString()!;
    }

    private async Task<IReadOnlyList<JsonElement>> AuditAsync(int count, string action = "RefuseLogin")
    {
        using var root = _service.Client();
        return await Until.GetAsync(
            async () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(10));
                using var response = await root.GetAsync($"/api/v1/llm/audit?action={action}&limit=1000");
                return [.. (await response.JsonAsync()).GetProperty("items").EnumerateArray()];
            },
            (IReadOnlyList<JsonElement> entries) => entries.Count == count
        );
    }
}
