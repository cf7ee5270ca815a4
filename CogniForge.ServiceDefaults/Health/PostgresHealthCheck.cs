using CogniForge.ServiceDefaults.Postgres;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CogniForge.ServiceDefaults.Health;

internal sealed class PostgresHealthCheck(Database database, MigrationStatus migrations, TimeoutOptions timeouts)
    : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        // Probes wait briefly, so that not every start logs an error. Without tables nothing works, whichever servers
        // are required.
        await Task.WhenAny(migrations.Applied, Task.Delay(timeouts.Health / 2, cancellationToken));
        if (!migrations.Applied.IsCompletedSuccessfully)
        {
            return HealthCheckResult.Unhealthy("The migrations have not been applied yet.");
        }

        try
        {
            await database.PingAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (TransientFaults.IsOutage(e))
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message);
        }
    }
}
