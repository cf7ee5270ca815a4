using CogniForge.ServiceDefaults.Messaging;
using CogniForge.ServiceDefaults.Postgres;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using StackExchange.Redis;

namespace CogniForge.ServiceDefaults.Health;

/// <summary>The database answers and its migrations are applied.</summary>
internal sealed class PostgresHealthCheck(NpgsqlDataSource database, MigrationStatus migrations) : IHealthCheck
{
    // A start takes a moment: whoever asks meanwhile waits for it, instead of finding an error in the log of every start.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private Task _asking = Task.CompletedTask;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Before the tables are there nothing works, whatever the service could do without later.
        await Task.WhenAny(migrations.Applied, Task.Delay(_patience, cancellationToken));
        if (!migrations.Applied.IsCompletedSuccessfully)
        {
            return HealthCheckResult.Unhealthy("The migrations have not been applied yet.");
        }

        try
        {
            await Asking().WaitAsync(_patience, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (Availability.IsOutage(e))
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message);
        }
    }

    /// <summary>
    /// One question for all probes, asked to the end. A probe that gave its question up would have Npgsql cancel it, and where the database hangs that blocks a thread for as long:
    /// with every probe one more, until nothing of the service answered.
    /// </summary>
    private Task Asking()
    {
        lock (_lock)
        {
            return _asking = _asking.IsCompleted ? AskAsync() : _asking;
        }
    }

    private async Task AskAsync()
    {
        await using var command = database.CreateCommand("SELECT 1");
        await command.ExecuteScalarAsync();
    }
}

/// <summary>Redis answers a ping.</summary>
internal sealed class RedisHealthCheck(IServiceProvider services) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // Resolved here, not injected, and aside: the multiplexer connects, for seconds where nobody answers, when it is first asked for.
            var redis = await Task.Run(services.GetRequiredService<IConnectionMultiplexer>, cancellationToken).WaitAsync(cancellationToken);
            var latency = await redis.GetDatabase().PingAsync().WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy($"Answered in {latency.TotalMilliseconds:0.0} ms.");
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message);
        }
    }
}

/// <summary>The broker takes messages.</summary>
internal sealed class RabbitMqHealthCheck(RabbitMqPublisher publisher) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await publisher.ConnectAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (BrokerUnavailableException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message);
        }
    }
}
