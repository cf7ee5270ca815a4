using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CogniForge.ServiceDefaults.Health;

/// <summary>
/// Gives up a check that takes too long, also one that heeds no cancellation or blocks its thread. Checks run side by side,
/// so the bound is that of all together.
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
                $"No answer within {timeout.TotalSeconds:0.#} s."
            );
        }
    }
}
