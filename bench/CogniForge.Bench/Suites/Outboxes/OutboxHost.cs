using CogniForge.Bench.Load;
using CogniForge.Bench.Processes;
using CogniForge.Messaging;
using CogniForge.Messaging.TransactionalOutbox;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Postgres;
using Npgsql;

namespace CogniForge.Bench.Suites.Outboxes;

/// <summary>A service with only an outbox, in this process.</summary>
internal sealed class OutboxHost : IAsyncDisposable
{
    public const string EventType = "bench.happened.v1";

    /// <summary>The rate at which latency is measured.</summary>
    public const int EventsPerSecond = 50;

    private readonly WebApplication _app;
    private readonly NpgsqlDataSource _database;
    private readonly ConfirmationClock _clock;

    private OutboxHost(WebApplication app)
    {
        _app = app;
        _database = app.Services.GetRequiredService<NpgsqlDataSource>();
        _clock = app.Services.GetRequiredService<ConfirmationClock>();
    }

    public static async Task<OutboxHost> StartAsync(
        string database,
        bool isPolled,
        StoreServers stores,
        CancellationToken cancellationToken
    )
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        foreach (var (name, value) in await stores.SettingsAsync(database, cancellationToken))
        {
            builder.Configuration[name.Replace("__", ":", StringComparison.Ordinal)] = value;
        }

        var known = builder.AddServiceDefaults(
            new("bench", database, typeof(OutboxHost).Assembly),
            RequiredDependencies.None
        );
        builder.AddMessaging(known, RequiredDependencies.None);
        builder.Services.AddSingleton<ConfirmationClock>();
        builder.Services.AddSingleton<IEventPublisher>(services => services.GetRequiredService<ConfirmationClock>());
        if (isPolled)
        {
            builder.Services.AddSingleton<Outbox>();
            builder.Services.AddHostedService<PolledOutbox>();
        }
        else
        {
            builder.Services.AddOutbox(known);
        }

        var host = new OutboxHost(builder.Build());
        await host._app.StartAsync(cancellationToken);
        await host._app.Services.GetRequiredService<MigrationStatus>().Applied.WaitAsync(cancellationToken);
        return host;
    }

    /// <summary>Commits transactions at a steady rate.</summary>
    /// <returns>The nanoseconds from the call of COMMIT to the broker's confirmation.</returns>
    public async Task<LatencyHistogram> PaceAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        _clock.Confirmed.Clear();
        var committed = new Dictionary<string, long>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / EventsPerSecond));
        for (var i = 0; i < duration.TotalSeconds * EventsPerSecond; i++)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            var (id, at) = (await CommitAsync(1, cancellationToken)).Single();
            committed.Add(id, at);
        }

        var confirmed = await _clock.AwaitAsync(committed.Keys, cancellationToken);
        var latency = new LatencyHistogram();
        foreach (var (from, to) in committed.Values.Zip(confirmed))
        {
            latency.Record((long)TimeProvider.System.GetElapsedTime(from, to).TotalNanoseconds);
        }

        return latency;
    }

    /// <summary>Commits many events in one transaction.</summary>
    /// <returns>The confirmations per second, from the first to the last.</returns>
    public async Task<double> DrainAsync(int events, CancellationToken cancellationToken)
    {
        _clock.Confirmed.Clear();
        var committed = await CommitAsync(events, cancellationToken);
        var confirmed = await _clock.AwaitAsync(committed.Keys, cancellationToken);
        return (events - 1) / TimeProvider.System.GetElapsedTime(confirmed.Min(), confirmed.Max()).TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task<Dictionary<string, long>> CommitAsync(int events, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var ids = new List<string>(events);
        for (var i = 0; i < events; i++)
        {
            var now = TimeProvider.System.GetUtcNow();
            var e = CloudEvent.Create(EventType, "/cogniforge/bench", now, new { number = i }, null);
            await Outbox.AddAsync(transaction, e, cancellationToken);
            ids.Add(e.Id);
        }

        var at = TimeProvider.System.GetTimestamp();
        await _app.Services.GetRequiredService<Outbox>().CommitAsync(transaction, [], cancellationToken);
        return ids.ToDictionary(id => id, _ => at);
    }
}
