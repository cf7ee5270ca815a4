using System.Net;
using System.Net.NetworkInformation;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using CogniForge.AppHost.LocalServers;
using CogniForge.AppHost.Tests.CleanUp;
using Npgsql;

namespace CogniForge.AppHost.Tests.LocalServers;

/// <summary>The servers as processes of this machine, even where a container engine runs.</summary>
[Trait("Category", "Servers")]
public sealed class LocalServerTests : IAsyncLifetime, IDisposable
{
    private static readonly string[] _servers = ["postgres", "cache", "messaging"];

    private readonly DataVolume _volume = new();
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromMinutes(10));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _volume.RemoveAsync();

    public void Dispose() => _timeout.Dispose();

    [Fact]
    public async Task Servers_StoppedAndStarted_KeepDataAndPort()
    {
        var builder = await CreateAsync();
        builder
            .CreateResourceBuilder(builder.Resources.OfType<PostgresServerResource>().Single())
            .WithDataVolume(_volume.Name);
        await using var app = await StartAsync(builder);
        await ExecuteAsync(app, "CREATE TABLE thing ()");
        var before = await app.GetConnectionStringAsync("llmdb", _timeout.Token);

        foreach (var server in _servers)
        {
            await CommandAsync(app, server, KnownResourceCommands.StopCommand);
            await app.ResourceNotifications.WaitForResourceAsync(server, IsEnded, _timeout.Token);
            if (server == "postgres")
            {
                await app.ResourceNotifications.WaitForResourceAsync("llmdb", IsEnded, _timeout.Token);
            }

            await CommandAsync(app, server, KnownResourceCommands.StartCommand);
            await HealthyAgainAsync(app, server);
        }

        await HealthyAgainAsync(app, "llmdb");
        Assert.Equal(before, await app.GetConnectionStringAsync("llmdb", _timeout.Token));
        await ExecuteAsync(app, "SELECT * FROM thing");
    }

    /// <summary>Waits for a server that was started again; its last known state may still be the stopped one.</summary>
    private Task<ResourceEvent> HealthyAgainAsync(DistributedApplication app, string resource) =>
        app.ResourceNotifications.WaitForResourceHealthyAsync(
            resource,
            WaitBehavior.WaitOnResourceUnavailable,
            _timeout.Token
        );

    [Fact]
    public async Task Servers_Running_ListenOnLoopbackOnly()
    {
        var open = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(IsOpen).ToHashSet();
        await using var app = await StartAsync(await CreateAsync());

        var added = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(IsOpen).Except(open);

        Assert.Empty(added);
        static bool IsOpen(IPEndPoint listener) => !IPAddress.IsLoopback(listener.Address);
    }

    [Fact]
    public async Task Server_NotInstalled_FailsAloneWithInstallCommand()
    {
        var builder = DistributedApplication.CreateBuilder(
            new DistributedApplicationOptions
            {
                AssemblyName = typeof(Projects.CogniForge_AppHost).Assembly.GetName().Name,
                DisableDashboard = true,
            }
        );
        var missing = LocalServerKind.For(new RedisResource("any"))! with
        {
            Program = "no-such-redis",
            Install = "install it so",
        };
        builder.Eventing.Subscribe<BeforeStartEvent>(
            (start, _) =>
            {
                var replacement = new ContainerReplacement(start, builder.Eventing);
                foreach (var container in start.Model.Resources.OfType<ContainerResource>().ToList())
                {
                    replacement.Replace(
                        container,
                        container is RedisResource ? missing : LocalServerKind.For(container)!
                    );
                }

                return Task.CompletedTask;
            }
        );
        builder.AddRedis("cache");
        builder.AddPostgres("postgres");
        await using var app = builder.Build();
        await app.StartAsync(_timeout.Token);

        await app.ResourceNotifications.WaitForResourceHealthyAsync("postgres", _timeout.Token);
        await app.ResourceNotifications.WaitForResourceAsync(
            "cache",
            KnownResourceStates.FailedToStart,
            _timeout.Token
        );
        var log = await ResourceLog.ReadUntilAsync(
            app,
            "cache",
            line => line.Contains("install it so"),
            _timeout.Token
        );
        Assert.Contains("no-such-redis is not installed", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("false", "LocalServers=false requires containers, but no container engine responds")]
    [InlineData("maybe", "LocalServers must be true or false, not 'maybe'.")]
    public async Task Setting_Impossible_FailsStartWithOneLine(string value, string reason)
    {
        using var appHost = AppHostProcess.Start($"LocalServers={value}", "ASPIRE_CONTAINER_RUNTIME=no-such-engine");

        Assert.Equal(1, await appHost.WaitForExitAsync());
        Assert.Contains(reason, appHost.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", appHost.Output, StringComparison.Ordinal);
    }

    private static Task<IDistributedApplicationTestingBuilder> CreateAsync() =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.CogniForge_AppHost>([
            "DataVolumes=false",
            "LocalServers=true",
        ]);

    private async Task<DistributedApplication> StartAsync(IDistributedApplicationTestingBuilder builder)
    {
        var app = await builder.StartOnly(_servers).BuildAsync(_timeout.Token);
        await app.StartAsync(_timeout.Token);
        foreach (var name in _servers)
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(name, _timeout.Token);
        }

        return app;
    }

    private async Task CommandAsync(DistributedApplication app, string server, string command)
    {
        var result = await app.ResourceCommands.ExecuteCommandAsync(server, command, _timeout.Token);
        Assert.True(result.Success, $"{command} {server}: {result.Message}");
    }

    private async Task ExecuteAsync(DistributedApplication app, string sql)
    {
        await app.ResourceNotifications.WaitForResourceHealthyAsync("llmdb", _timeout.Token);
        await using var database = NpgsqlDataSource.Create(
            (await app.GetConnectionStringAsync("llmdb", _timeout.Token))!
        );
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(_timeout.Token);
    }

    private static bool IsEnded(ResourceEvent e) => KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text);
}
