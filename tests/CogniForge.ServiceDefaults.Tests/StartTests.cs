using CogniForge.ServiceDefaults.Hosting;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.Extensions.Configuration;
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

    [Theory]
    [InlineData("CogniForge:MaxRequestBodyBytes", "a lot", "must be a whole number, 1 or more.")]
    [InlineData("CogniForge:MaxRequestBodyBytes", "0", "must be a whole number, 1 or more.")]
    [InlineData("CogniForge:MaxRequestBodyBytes", "", "must be a whole number, 1 or more.")]
    [InlineData("CogniForge:AdminPort", "http", "must be a whole number, 1 to 65535.")]
    [InlineData("CogniForge:InMemory", "yes", "must be true or false.")]
    [InlineData(
        "CogniForge:Timeouts:Health",
        "3s",
        "must be a duration such as 00:00:05, 00:00:00.1 to 00:01:00."
    )]
    [InlineData(
        "CogniForge:Timeouts:Health",
        "00:02:00",
        "must be a duration such as 00:00:05, 00:00:00.1 to 00:01:00."
    )]
    [InlineData("CogniForge:Clients:MinRequestBytesPerSecond", "few", "must be a number, 1 to 1000000.")]
    [InlineData("CogniForge:Clients:ResponseBufferBytes", "1", "must be a whole number, 4096 to 16777216.")]
    [InlineData("CogniForge:Timeouts:Healht", "00:00:03", "is not a known setting.")]
    public async Task Start_InvalidSetting_NamesSettingAndRule(string key, string value, string rule)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => TestService.StartAsync(settings: (key, value)));

        Assert.Equal($"{key} {rule}", StartErrors.Describe(error));
    }

    [Fact]
    public void Describe_SettingOfLibrary_NamesSetting()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Library:Count", "many")])
            .Build();

        var error = Assert.ThrowsAny<Exception>(() => configuration.GetValue<int>("Library:Count"));

        Assert.Equal("Library:Count must be a valid Int32.", StartErrors.Describe(error));
    }

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
