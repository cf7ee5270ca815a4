using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CogniForge.ServiceDefaults.Health;

/// <summary>Registers health checks of the servers and disks that a service uses.</summary>
public static class DependencyHealthChecks
{
    /// <summary>
    /// Adds the check of a dependency to <c>/health</c>, with the timeout <see cref="TimeoutOptions.Health"/>.
    /// </summary>
    /// <typeparam name="TCheck">The check.</typeparam>
    /// <param name="services">The service's registrations.</param>
    /// <param name="name">The dependency's name in the report.</param>
    /// <param name="isRequired">Whether a failure makes the service unhealthy; otherwise it is degraded.</param>
    public static void AddDependencyCheck<TCheck>(this IServiceCollection services, string name, bool isRequired)
        where TCheck : class, IHealthCheck
    {
        var shared = new SharedHealthCheck();
        services
            .AddHealthChecks()
            .Add(
                new HealthCheckRegistration(
                    name,
                    provider => new BoundedHealthCheck(
                        ActivatorUtilities.CreateInstance<TCheck>(provider),
                        provider.GetRequiredService<TimeoutOptions>().Health,
                        shared
                    ),
                    isRequired ? HealthStatus.Unhealthy : HealthStatus.Degraded,
                    tags: []
                )
            );
    }
}
