using CogniForge.ServiceDefaults.Postgres;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CogniForge.ServiceDefaults.Health;

/// <summary>The database answers and its migrations are applied.</summary>
internal sealed class PostgresHealthCheck(Database database, MigrationStatus migrations, TimeoutOptions timeouts)
    : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
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
        catch (Exception e) when (TransientFaults.IsOutage(e))
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message);
        }
    }
}
