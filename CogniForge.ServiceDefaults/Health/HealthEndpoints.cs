using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Overload;
using CogniForge.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CogniForge.ServiceDefaults.Health;

/// <summary>The probes: <c>/alive</c> (the process responds) and <c>/health</c> (the service can work).</summary>
internal static class HealthEndpoints
{
    /// <summary>Registers a check of each available server.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="available">The available servers.</param>
    /// <param name="required">The servers whose failure makes the service unhealthy instead of degraded.</param>
    public static void AddHealth(
        this IHostApplicationBuilder builder,
        AvailableDependencies available,
        RequiredDependencies required
    )
    {
        builder.Services.AddHealthChecks();
        if (available.Postgres)
        {
            builder.Services.AddDependencyCheck<PostgresHealthCheck>(
                "postgres",
                required.HasFlag(RequiredDependencies.Postgres)
            );
        }

        if (available.Redis)
        {
            builder.Services.AddDependencyCheck<RedisHealthCheck>(
                "redis",
                required.HasFlag(RequiredDependencies.Redis)
            );
        }
    }

    /// <summary>
    /// Maps the probes, which need no key and return only the status, and the details for administrators.
    /// </summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints, string service)
    {
        endpoints
            .MapHealthChecks("/alive", new() { Predicate = _ => false })
            .AllowAnonymous()
            .DisableTracing()
            .WithMetadata(new UnlimitedMetadata());
        endpoints
            .MapHealthChecks("/health")
            .AllowAnonymous()
            .DisableTracing()
            .WithMetadata(new UnlimitedMetadata());
        endpoints
            .MapHealthChecks("/health/details", new HealthCheckOptions { ResponseWriter = WriteDetails })
            .RequireScope(Scopes.Admin(service))
            .DisableTracing();
    }

    private static Task WriteDetails(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(
            new
            {
                status = report.Status.ToString(),
                processId = Environment.ProcessId,
                workingSetBytes = Environment.WorkingSet,
                managedHeapBytes = GC.GetTotalMemory(forceFullCollection: false),
                checks = report.Entries.Select(e => new
                {
                    name = e.Key,
                    status = e.Value.Status.ToString(),
                    description = e.Value.Description ?? e.Value.Exception?.Message,
                    durationMs = e.Value.Duration.TotalMilliseconds,
                }),
            }
        );
}
