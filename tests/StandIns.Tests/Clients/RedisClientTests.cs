using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace StandIns.Tests.Clients;

public class RedisClientTests
{
    private const string Nobody = "127.0.0.1:1,connectTimeout=300,connectRetry=1";
    private readonly HostApplicationBuilder _builder = Host.CreateEmptyApplicationBuilder(null);

    [Fact]
    public void ConnectionString_Missing_IsReportedWhenTheConnectionIsAskedFor()
    {
        _builder.AddRedisClient("cache");
        var services = Build();
        var error = Assert.Throws<InvalidOperationException>(services.GetRequiredService<IConnectionMultiplexer>);
        Assert.Contains("ConnectionStrings:cache", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_NobodyListens_GoesOnTryingAndIsUnhealthy()
    {
        _builder.Configuration["ConnectionStrings:cache"] = Nobody;
        _builder.AddRedisClient("cache");
        await using var services = Build();
        Assert.False(services.GetRequiredService<IConnectionMultiplexer>().IsConnected);
        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, Assert.Single(report.Entries, e => e.Key == "StackExchange.Redis").Value.Status);
    }

    [Fact]
    public void Connect_NobodyListensAndAbortConnect_Throws()
    {
        _builder.Configuration["ConnectionStrings:cache"] = Nobody + ",abortConnect=true";
        _builder.AddRedisClient("cache");
        var services = Build();
        Assert.Throws<RedisConnectionException>(services.GetRequiredService<IConnectionMultiplexer>);
    }

    [Theory]
    [InlineData("section", "Aspire:StackExchange:Redis:ConnectionString")]
    [InlineData("named", "Aspire:StackExchange:Redis:ConnectionString", "Aspire:StackExchange:Redis:cache:ConnectionString")]
    [InlineData("strings", "Aspire:StackExchange:Redis:ConnectionString", "Aspire:StackExchange:Redis:cache:ConnectionString", "ConnectionStrings:cache")]
    public void ConnectionString_FromSeveralPlaces_LastWins(string expected, params string[] keys)
    {
        foreach (var (key, name) in keys.Zip(["section", "named", "strings"]))
            _builder.Configuration[key] = $"{Nobody},name={name}";
        _builder.AddRedisClient("cache");
        using var services = Build();
        Assert.Equal(expected, services.GetRequiredService<IConnectionMultiplexer>().ClientName);
    }

    [Fact]
    public void Options_FromSectionThenCode_CodeWins()
    {
        _builder.Configuration["Aspire:StackExchange:Redis:ConfigurationOptions:ClientName"] = "section";
        _builder.Configuration["Aspire:StackExchange:Redis:ConfigurationOptions:ConnectTimeout"] = "301";
        ConfigurationOptions? seen = null;
        _builder.AddRedisClient("cache", settings => settings.ConnectionString = Nobody, options =>
        {
            Assert.Equal("section", options.ClientName);
            options.ClientName = "code";
            seen = options;
        });
        using var services = Build();
        Assert.Equal("code", services.GetRequiredService<IConnectionMultiplexer>().ClientName);
        Assert.Equal((301, false), (seen!.ConnectTimeout, seen.AbortOnConnectFail));
    }

    private ServiceProvider Build() => _builder.Services.AddLogging().BuildServiceProvider();
}
