using CogniForge.ServiceDefaults.Messaging;
using CogniForge.ServiceDefaults.Postgres;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace CogniForge.ServiceDefaults.Health;

/// <summary>The database answers and its migrations are applied.</summary>
internal sealed class PostgresHealthCheck(Database database, MigrationStatus migrations, TimeoutOptions timeouts)
    : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // A start takes a moment: a probe waits for it, instead of writing an error into the log of every start.
        // Before the tables are there nothing works, whatever the service could do without later.
        await Task.WhenAny(migrations.Applied, Task.Delay(timeouts.Health / 2, cancellationToken));
        if (!migrations.Applied.IsCompletedSuccessfully)
        {
            return HealthCheckResult.Unhealthy("The migrations have not been applied yet.");
        }

        try
        {
            await database.AnswersAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (Availability.IsOutage(e))
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message);
        }
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

/// <summary>The broker answers.</summary>
internal sealed class RabbitMqHealthCheck(RabbitMqPublisher publisher) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await publisher.PingAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (BrokerUnavailableException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message);
        }
    }
}
