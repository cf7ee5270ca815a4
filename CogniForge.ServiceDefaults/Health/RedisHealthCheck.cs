using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace CogniForge.ServiceDefaults.Health;

/// <summary>Redis answers a ping.</summary>
internal sealed class RedisHealthCheck(IServiceProvider services) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            // Resolved here, not injected, and aside: the multiplexer connects, for seconds where nobody answers, when it is first asked for.
            var redis = await Task.Run(services.GetRequiredService<IConnectionMultiplexer>, cancellationToken)
                .WaitAsync(cancellationToken);
            var latency = await redis.GetDatabase().PingAsync().WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy($"Answered in {latency.TotalMilliseconds:0.0} ms.");
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message);
        }
    }
}
