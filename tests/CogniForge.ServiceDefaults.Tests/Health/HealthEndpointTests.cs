using System.Net;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Tests.Support;

namespace CogniForge.ServiceDefaults.Tests.Health;

public sealed class HealthEndpointTests
{
    // No server listens on port 9.
    private static readonly (string, string)[] _nobodyThere =
    [
        ("ConnectionStrings:llmdb", "Host=127.0.0.1;Port=9;Timeout=1"),
        ("ConnectionStrings:messaging", "amqp://127.0.0.1:9"),
        ("ConnectionStrings:cache", "127.0.0.1:9,connectTimeout=200,connectRetry=0"),
    ];

    [Theory]
    [InlineData("Production", "/health")]
    [InlineData("Production", "/alive")]
    [InlineData("Development", "/health")]
    [InlineData("Development", "/alive")]
    public async Task Get_ProbeWithoutKey_ReturnsOnlyStatus(string environment, string path)
    {
        await using var service = await TestService.StartAsync(environment: environment);
        using var client = service.Client(null);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.1");

        using var response = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Healthy", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(RequiredDependencies.None, "/alive", HttpStatusCode.OK, "Healthy")]
    [InlineData(RequiredDependencies.Redis, "/health", HttpStatusCode.ServiceUnavailable, "Unhealthy")]
    public async Task Get_RequiredServersUnavailable_IsUnhealthy(
        RequiredDependencies required,
        string path,
        HttpStatusCode status,
        string text
    )
    {
        await using var service = await TestService.StartAsync(required: required, settings: _nobodyThere);
        using var client = service.Client(null);

        using var response = await client.GetAsync(path);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(text, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Get_OptionalServersUnavailable_IsDegraded()
    {
        await using var service = await TestService.StartAsync(settings: _nobodyThere[1..]);
        using var client = service.Client(null);

        using var response = await client.GetAsync("/health");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Degraded", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Get_Details_ListServersForAdministrators()
    {
        await using var service = await TestService.StartAsync(settings: _nobodyThere);
        using var client = service.Client();

        var details = await (await client.GetAsync("/health/details")).JsonAsync();

        Assert.Equal("Unhealthy", details.GetProperty("status").GetString());
        var checks = details
            .GetProperty("checks")
            .EnumerateArray()
            .ToDictionary(c => c.GetProperty("name").GetString()!, c => c.GetProperty("status").GetString());
        Assert.Equal(
            new()
            {
                ["postgres"] = "Unhealthy",
                ["redis"] = "Degraded",
                ["rabbitmq"] = "Degraded",
            },
            checks
        );
    }

    [Fact]
    public async Task Stop_ServersUnavailable_Ends()
    {
        var service = await TestService.StartAsync(settings: _nobodyThere);

        await service.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
    }
}
