using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CogniForge.ServiceDefaults.Health;

/// <summary>
/// Lets concurrent probes share one check of a server: probes need no key, and a flood of them must not take every
/// connection.
/// </summary>
internal sealed class SharedHealthCheck
{
    private readonly Lock _lock = new();
    private Task<HealthCheckResult>? _running;

    /// <summary>Waits for the running check, or starts one that does not end with its caller.</summary>
    public Task<HealthCheckResult> RunAsync(
        Func<Task<HealthCheckResult>> check,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            if (_running is not { IsCompleted: false })
            {
                _running = check();
            }

            return _running.WaitAsync(cancellationToken);
        }
    }
}
