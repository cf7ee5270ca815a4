using System.Net;
using CogniForge.ServiceDefaults.Tests.Support;

namespace CogniForge.ServiceDefaults.Tests.Keys;

public sealed class DevelopmentAccessTests
{
    [Fact]
    public async Task Get_KeylessFromOwnMachine_HasEveryScope()
    {
        await using var service = await TestService.StartAsync(environment: "Development");
        using var client = service.Client(null);

        var me = await (await client.GetAsync("/api/v1/whoami")).JsonAsync();

        Assert.Equal(15, me.GetProperty("scopes").GetArrayLength());
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("X-Forwarded-For", "192.0.2.1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Host", "rebound.evil.example")]
    [InlineData("Authorization", "Bearer cf_wrong")]
    public async Task Get_KeylessFromElsewhere_Returns401(string header, string value)
    {
        await using var service = await TestService.StartAsync(environment: "Development");
        using var client = service.Client(null);
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);

        using var response = await client.GetAsync("/api/v1/whoami");

        await response.ProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "http://localhost:3000")]
    [InlineData("X-Forwarded-For", "192.0.2.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Host", "rebound.evil.example")]
    [InlineData("Host", "192.0.2.1")]
    public async Task Get_DevelopmentKeyFromElsewhere_Returns401(string header, string value)
    {
        await using var service = await TestService.StartAsync(environment: "Development");
        foreach (var keyHeader in new[] { ("Authorization", "Bearer cf_dev"), ("x-api-key", "cf_dev") })
        {
            using var client = service.Client(null);
            client.DefaultRequestHeaders.TryAddWithoutValidation(keyHeader.Item1, keyHeader.Item2);
            client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);

            using var response = await client.GetAsync("/api/v1/whoami");

            await response.ProblemAsync(HttpStatusCode.Unauthorized);
        }
    }

    [Theory]
    [InlineData("Development", HttpStatusCode.OK)]
    [InlineData("Production", HttpStatusCode.Unauthorized)]
    public async Task Get_DevelopmentKey_WorksOnlyInDevelopment(string environment, HttpStatusCode status)
    {
        await using var service = await TestService.StartAsync(environment: environment);
        using var client = service.Client("cf_dev");

        Assert.Equal(status, (await client.GetAsync("/api/v1/whoami")).StatusCode);
    }

    [Fact]
    public async Task Get_KeylessInProduction_Returns401()
    {
        await using var service = await TestService.StartAsync();
        using var client = service.Client(null);

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/whoami")).StatusCode);
    }
}
