using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.Extensions.Logging;

namespace CogniForge.ServiceDefaults.Tests;

public sealed class StartTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Start_ProductionWithoutConnectionStrings_FailsNamingAll(string environment)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            TestService.StartAsync(environment: environment, settings: ("CogniForge:InMemory", "false"))
        );

        Assert.Contains("llmdb, cache, messaging", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OneConnectionStringMissing_FailsNamingIt()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            TestService.StartAsync(
                settings:
                [
                    ("CogniForge:InMemory", "false"),
                    ("ConnectionStrings:llmdb", "Host=127.0.0.1;Port=9"),
                    ("ConnectionStrings:messaging", "amqp://127.0.0.1:9"),
                ]
            )
        );

        Assert.Contains("No connection string for cache.", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Start_InMemory_LogsOneWarning(string environment)
    {
        await using var service = await TestService.StartAsync(environment: environment);

        var warning = Assert.Single(service.Logs.At(LogLevel.Warning));
        Assert.Contains(
            "llm keeps the data of llmdb, cache, messaging in memory",
            warning,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("CogniForge:JurnalDirectory", "/tmp")]
    [InlineData("CogniForge:MaxRequestBodyBytes", "a lot")]
    [InlineData("CogniForge:MaxRequestBodyBytes", "0")]
    [InlineData("CogniForge:JournalMaxBytes", "-1")]
    [InlineData("CogniForge:Timeouts:Healht", "00:00:03")]
    [InlineData("CogniForge:Timeouts:Health", "00:02:00")]
    [InlineData("CogniForge:Timeouts:PostgresConnect", "00:00:00.5")]
    [InlineData("CogniForge:Clients:ReadTimeout", "00:00:00")]
    public async Task Start_UnknownSetting_Fails(string key, string value) =>
        await Assert.ThrowsAnyAsync<Exception>(() => TestService.StartAsync(settings: (key, value)));

    [Fact]
    public async Task OpenApi_Document_IsPublic()
    {
        await using var service = await TestService.StartAsync();
        using var client = service.Client(null);

        var document = await (await client.GetAsync("/openapi/v1.json")).JsonAsync();

        Assert.True(document.GetProperty("paths").TryGetProperty("/api/v1/whoami", out _));
        Assert.False(document.GetProperty("paths").TryGetProperty("/metrics", out _));
    }
}
