using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CogniForge.Messaging.Journal;

/// <summary>Unhealthy while requests get 503 because their records cannot be written.</summary>
internal sealed class JournalHealthCheck<T>(Journal<T> journal) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            journal.FindFault() is { } fault
                ? new HealthCheckResult(context.Registration.FailureStatus, fault)
                : HealthCheckResult.Healthy()
        );
}
