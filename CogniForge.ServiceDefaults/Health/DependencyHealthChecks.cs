using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CogniForge.ServiceDefaults.Health;

/// <summary>Registers health checks of the servers that a service uses.</summary>
public static class DependencyHealthChecks
{
    /// <summary>Adds the check of a server to <c>/health</c>.</summary>
    /// <typeparam name="TCheck">The check.</typeparam>
    /// <param name="builder">The service.</param>
    /// <param name="name">The server's name in the report.</param>
    /// <param name="isRequired">Whether a failure makes the service unhealthy; otherwise it is degraded.</param>
    /// <param name="timeout">The timeout of the check.</param>
    public static void AddDependencyCheck<TCheck>(
        this IHostApplicationBuilder builder,
        string name,
        bool isRequired,
        TimeSpan timeout
    )
        where TCheck : class, IHealthCheck
    {
        ArgumentNullException.ThrowIfNull(builder);
        var shared = new SharedHealthCheck();
        builder
            .Services.AddHealthChecks()
            .Add(
                new HealthCheckRegistration(
                    name,
                    services => new BoundedHealthCheck(
                        ActivatorUtilities.CreateInstance<TCheck>(services),
                        timeout,
                        shared
                    ),
                    isRequired ? HealthStatus.Unhealthy : HealthStatus.Degraded,
                    tags: []
                )
            );
    }
}
