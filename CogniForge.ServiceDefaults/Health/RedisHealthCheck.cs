using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace CogniForge.ServiceDefaults.Health;

internal sealed class RedisHealthCheck(IServiceProvider services) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            // Resolved on another thread: the first resolution connects, which blocks for seconds during an outage.
            var redis = await Task.Run(services.GetRequiredService<IConnectionMultiplexer>, cancellationToken)
                .WaitAsync(cancellationToken);
            var latency = await redis.GetDatabase().PingAsync().WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy($"Responded in {latency.TotalMilliseconds:0.0} ms.");
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message);
        }
    }
}
