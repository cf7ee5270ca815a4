using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CogniForge.ServiceDefaults.Health;

/// <summary>
/// Adds a timeout to a check, even if the check ignores cancellation or blocks its thread. Checks run concurrently, so
/// the timeout bounds the whole report.
/// </summary>
internal sealed class BoundedHealthCheck(IHealthCheck check, TimeSpan timeout, SharedHealthCheck? shared = null)
    : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        shared is null
            ? CheckAsync(context, cancellationToken)
            : shared.RunAsync(() => CheckAsync(context, CancellationToken.None), cancellationToken);

    private async Task<HealthCheckResult> CheckAsync(HealthCheckContext context, CancellationToken cancellationToken)
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
