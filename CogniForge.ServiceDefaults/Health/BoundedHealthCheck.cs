using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CogniForge.ServiceDefaults.Health;

/// <summary>
/// Adds a timeout to a check, even if the check ignores cancellation or blocks its thread. Checks run concurrently, so
/// the timeout bounds the whole report.
/// </summary>
internal sealed class BoundedHealthCheck(IHealthCheck check, TimeSpan timeout) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var checking = Task.Run(() => check.CheckHealthAsync(context, given.Token), cancellationToken);
            return await checking.WaitAsync(timeout, cancellationToken);
        }
        catch (TimeoutException)
        {
            await given.CancelAsync();
            return new HealthCheckResult(
                context.Registration.FailureStatus,
                $"No response within {timeout.TotalSeconds:0.#} s."
            );
        }
    }
}
