using System.Net.Http.Headers;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using RabbitMQ.Client;
using StackExchange.Redis;

namespace StandIns.Tests.Hosting;

[Collection(nameof(HostedApp))]
public sealed class ServerTests(HostedApp hosted)
{
    [Fact]
    public async Task Postgres_Database_ExistsAndTheServerHasItsSettings()
    {
        await hosted.Notifications.WaitForResourceHealthyAsync("stock", HostedApp.Soon);
        await using var source = NpgsqlDataSource.Create((await hosted.App.GetConnectionStringAsync("stock"))!);

        await using var command = source.CreateCommand("SELECT current_database() || ' ' || current_setting('max_connections') || ' ' || current_setting('password_encryption')");
        Assert.Equal("Stock Room 33 scram-sha-256", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Postgres_WrongPassword_IsRefused()
    {
        await hosted.Notifications.WaitForResourceHealthyAsync("pg", HostedApp.Soon);
        var wrong = new NpgsqlConnectionStringBuilder(await hosted.App.GetConnectionStringAsync("pg")) { Password = "wrong" };
        await using var source = NpgsqlDataSource.Create(wrong);

        var refused = await Assert.ThrowsAsync<PostgresException>(async () => await source.OpenConnectionAsync());
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task Postgres_StoppedAndStarted_IsBackOnItsPort()
    {
        var before = (await hosted.Notifications.WaitForResourceHealthyAsync("pg", HostedApp.Soon)).Snapshot;
        var endpoint = hosted.App.GetEndpoint("pg", "tcp");

        Assert.True((await hosted.CommandAsync("pg", "stop")).Success);
        var database = await hosted.StateAsync("stock", "Exited");
        Assert.Null(database.Snapshot.HealthStatus);
        Assert.True((await hosted.CommandAsync("pg", "start")).Success);

        var after = (await hosted.Notifications.WaitForResourceHealthyAsync("pg", HostedApp.Soon)).Snapshot;
        await hosted.Notifications.WaitForResourceHealthyAsync("stock", HostedApp.Soon);
        Assert.Equal(endpoint, hosted.App.GetEndpoint("pg", "tcp"));
        Assert.True(after.StartTimeStamp > before.StartTimeStamp);
    }

    [Fact]
    public async Task Postgres_Restarted_HasOnlyWhatItsVolumeHolds()
    {
        var volume = new DataVolume();
        var builder = await HostedApp.CreateBuilderAsync();
        builder.AddPostgres("kept").WithDataVolume(volume.Name);
        builder.AddPostgres("lost");
        await using (var app = await builder.BuildAsync())
        {
            await app.StartAsync(HostedApp.Soon);
            Assert.True(await HasTableAfterRestartAsync(app, "kept"));
            Assert.False(await HasTableAfterRestartAsync(app, "lost"));
        }

        await volume.RemoveAsync();

        static async Task<bool> HasTableAfterRestartAsync(DistributedApplication app, string server)
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(server, HostedApp.Soon);
            await using var source = NpgsqlDataSource.Create((await app.GetConnectionStringAsync(server))!);
            await using var create = source.CreateCommand("CREATE TABLE thing ()");
            await create.ExecuteNonQueryAsync();
            source.Clear();
            await app.ResourceCommands.ExecuteCommandAsync(server, KnownResourceCommands.RestartCommand, HostedApp.Soon);
            await app.ResourceNotifications.WaitForResourceHealthyAsync(server, HostedApp.Soon);
            await using var find = source.CreateCommand("SELECT to_regclass('thing') IS NOT NULL");
            return (bool)(await find.ExecuteScalarAsync())!;
        }
    }

    [Fact]
    public async Task Redis_ConnectionString_LogsIn()
    {
        await hosted.Notifications.WaitForResourceHealthyAsync("redis", HostedApp.Soon);
        var connectionString = await hosted.App.GetConnectionStringAsync("redis");

        await using var redis = new Disposable<ConnectionMultiplexer>(await ConnectionMultiplexer.ConnectAsync(connectionString!));
        await redis.Value.GetDatabase().StringSetAsync("key", "value");
        Assert.Equal("value", await redis.Value.GetDatabase().StringGetAsync("key"));
    }

    [Fact]
    public async Task RabbitMQ_ConnectionString_LogsInAndManagementAnswers()
    {
        await hosted.Notifications.WaitForResourceHealthyAsync("rabbit", HostedApp.Soon);
        var uri = new Uri((await hosted.App.GetConnectionStringAsync("rabbit"))!);

        await using var connection = await new ConnectionFactory { Uri = uri }.CreateConnectionAsync();
        Assert.True(connection.IsOpen);
        using var client = hosted.App.CreateHttpClient("rabbit", "management");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(uri.UserInfo)));
        Assert.Contains("rabbitmq_version", await client.GetStringAsync("/api/overview"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pg", "pg_check")]
    [InlineData("stock", "stock_check")]
    [InlineData("redis", "redis_check")]
    [InlineData("rabbit", "rabbit_check")]
    public async Task HealthReport_HealthyServer_NamesItsCheck(string resource, string check)
    {
        var healthy = await hosted.Notifications.WaitForResourceHealthyAsync(resource, HostedApp.Soon);

        var report = healthy.Snapshot.HealthReports.Single(r => r.Name == check);
        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.NotNull(report.LastRunAt);
    }

    [Fact]
    public async Task DataVolumes_SwitchedOff_LeavesNoMounts()
    {
        await using var with = await DistributedApplicationTestingBuilder.CreateAsync<Projects.CogniForge_AppHost>([]);
        await using var without = await DistributedApplicationTestingBuilder.CreateAsync<Projects.CogniForge_AppHost>(["DataVolumes=false"]);

        Assert.NotEmpty(Mounts(with));
        Assert.Empty(Mounts(without));

        static IEnumerable<object> Mounts(IDistributedApplicationTestingBuilder builder) =>
            builder.Resources.SelectMany(r => r.Annotations).Where(a => a.GetType().Name == "ContainerMountAnnotation");
    }

    private sealed class Disposable<T>(T value) : IAsyncDisposable
        where T : IDisposable
    {
        public T Value => value;

        public ValueTask DisposeAsync()
        {
            value.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
