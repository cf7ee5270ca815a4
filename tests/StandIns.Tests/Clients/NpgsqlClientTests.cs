using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace StandIns.Tests.Clients;

public class NpgsqlClientTests
{
    private readonly HostApplicationBuilder _builder = Host.CreateEmptyApplicationBuilder(null);

    [Theory]
    [InlineData("section", "Aspire:Npgsql:ConnectionString")]
    [InlineData("named", "Aspire:Npgsql:ConnectionString", "Aspire:Npgsql:db:ConnectionString")]
    [InlineData("strings", "Aspire:Npgsql:ConnectionString", "Aspire:Npgsql:db:ConnectionString", "ConnectionStrings:db")]
    public void ConnectionString_FromSeveralPlaces_LastWins(string expected, params string[] keys)
    {
        foreach (var (key, host) in keys.Zip(["section", "named", "strings"]))
            _builder.Configuration[key] = $"Host={host}";
        _builder.AddNpgsqlDataSource("db");
        Assert.Equal($"Host={expected}", Build().GetRequiredService<NpgsqlDataSource>().ConnectionString);
    }

    [Fact]
    public void ConfigureSettings_AfterConfiguration_Wins()
    {
        _builder.Configuration["ConnectionStrings:db"] = "Host=strings";
        _builder.AddNpgsqlDataSource("db", settings => settings.ConnectionString += "2", source => source.ConnectionStringBuilder.Port = 7);
        Assert.Equal("Host=strings2;Port=7", Build().GetRequiredService<NpgsqlDataSource>().ConnectionString);
    }

    [Fact]
    public void ConnectionString_Missing_IsReportedWhenTheDataSourceIsAskedFor()
    {
        _builder.AddNpgsqlDataSource("db");
        var services = Build();
        var error = Assert.Throws<InvalidOperationException>(services.GetRequiredService<NpgsqlDataSource>);
        Assert.Contains("ConnectionStrings:db", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Services_Resolved_ComeFromOneDataSource()
    {
        _builder.AddNpgsqlDataSource("db", settings => settings.ConnectionString = "Host=one");
        var services = Build();
        Assert.Same(services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<DbDataSource>());
        using var first = services.GetRequiredService<NpgsqlConnection>();
        using var second = services.GetRequiredService<DbConnection>();
        Assert.NotSame(first, second);
        Assert.Equal("Host=one", Assert.IsType<NpgsqlConnection>(second).ConnectionString);
    }

    [Fact]
    public async Task HealthCheck_NobodyListens_IsUnhealthyUnderItsName()
    {
        _builder.AddNpgsqlDataSource("db", settings => settings.ConnectionString = "Host=127.0.0.1;Port=1;Timeout=2");
        _builder.AddNpgsqlDataSource("db", settings => settings.ConnectionString = "Host=127.0.0.1;Port=1;Timeout=2");
        var report = await Build().GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, Assert.Single(report.Entries, e => e.Key == "PostgreSql").Value.Status);
    }

    [Fact]
    public void HealthCheck_Disabled_IsNotRegistered()
    {
        _builder.AddNpgsqlDataSource("db", settings => settings.DisableHealthChecks = true);
        Assert.Null(Build().GetService<HealthCheckService>());
    }

    private ServiceProvider Build() => _builder.Services.AddLogging().BuildServiceProvider();
}
