using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace StandIns.Tests.Hosting;

/// <summary>One application for all tests of the hosting stand-in: three servers, a service, and shell commands that behave in ways worth testing.</summary>
public sealed class HostedApp : IAsyncLifetime
{
    private DistributedApplication? _app;

    public DistributedApplication App => _app ?? throw new InvalidOperationException("Not started.");

    public ResourceNotificationService Notifications => App.ResourceNotifications;

    public DistributedApplicationModel Model => App.Services.GetRequiredService<DistributedApplicationModel>();

    public static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    /// <summary>A builder with an AppHost's settings but no resources.</summary>
    public static async Task<IDistributedApplicationTestingBuilder> CreateBuilderAsync(params string[] args)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.CogniForge_AppHost>(args);
        builder.Resources.Clear();
        return builder;
    }

    public async Task InitializeAsync()
    {
        // Not disposed of here: the application is the builder's.
        var builder = await CreateBuilderAsync("Parameters:greeting=hello");
        AddServers(builder);
        AddCommands(builder);
        builder.AddProject<Projects.CogniForge_Llm>("service")
            .WithHttpHealthCheck("/health")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Service");
        _app = await builder.BuildAsync();
        await _app.StartAsync(Soon);
    }

    public async Task DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    public IResource Resource(string name) => Model.Resources.Single(r => r.Name == name);

    public Task<ResourceEvent> StateAsync(string name, string state) =>
        Notifications.WaitForResourceAsync(name, e => e.Snapshot.State?.Text == state, Soon);

    public Task<ExecuteCommandResult> CommandAsync(string name, string command) => App.ResourceCommands.ExecuteCommandAsync(Resource(name), command, Soon);

    /// <summary>What a resource has written so far, without the time that precedes each line.</summary>
    public async Task<string[]> OutputAsync(string name)
    {
        var lines = new List<string>();
        await foreach (var batch in App.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(Resource(name)))
            lines.AddRange(batch.Select(l => l.Content[(l.Content.IndexOf(' ', StringComparison.Ordinal) + 1)..]));
        return [.. lines];
    }

    private static void AddServers(IDistributedApplicationTestingBuilder builder)
    {
        builder.AddPostgres("pg").WithArgs("-c", "max_connections=33").AddDatabase("stock", "Stock Room");
        builder.AddRedis("redis");
        builder.AddRabbitMQ("rabbit").WithManagementPlugin();
    }

    private static void AddCommands(IDistributedApplicationTestingBuilder builder)
    {
        var greeting = builder.AddParameter("greeting");
        builder.AddParameter("absent", secret: true);
        var database = builder.CreateResourceBuilder<PostgresDatabaseResource>("stock");
        builder.AddExecutable("env", "bash", ".", "-c", "env").WithReference(database).WithEnvironment("GREETING", $"{greeting}, you").WithArgs("ignored");
        builder.AddExecutable("clock", "bash", ".", "-c", "for ((i = 0; ; i++)); do echo tick $i; sleep 0.2; done");
        builder.AddExecutable("explicit", "bash", ".", "-c", "sleep 600").WithExplicitStart();
        builder.AddExecutable("stubborn", "bash", ".", "-c", "trap '' TERM; echo armed; while :; do sleep 0.1; done");
        builder.AddExecutable("parent", "bash", ".", "-c", "sleep 600 & echo child $!; wait");
        var fails = builder.AddExecutable("fails", "bash", ".", "-c", "exit 3");
        var missing = builder.AddExecutable("missing", "no-such-program", ".");
        var succeeds = builder.AddExecutable("succeeds", "bash", ".", "-c", "exit 0");
        builder.AddExecutable("after-success", "bash", ".", "-c", "echo ran").WaitForCompletion(succeeds);
        builder.AddExecutable("after-failure", "bash", ".", "-c", "echo ran").WaitForCompletion(fails);
        builder.AddExecutable("after-missing", "bash", ".", "-c", "echo ran").WaitFor(missing);
        builder.AddExecutable("after-database", "bash", ".", "-c", "echo ran").WaitFor(database);
        builder.AddExecutable("with-command", "bash", ".", "-c", "sleep 600")
            .WithCommand("greet", "Greet", _ => Task.FromResult(CommandResults.Success("hello")), new CommandOptions { Description = "Says hello", IconName = "Hand" });
    }
}

[CollectionDefinition(nameof(HostedApp))]
public sealed class HostedAppDefinition : ICollectionFixture<HostedApp>;
