using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CogniForge.Messaging.RabbitMq;

internal sealed class RabbitMqHealthCheck(RabbitMqPublisher publisher) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
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
