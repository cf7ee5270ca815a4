using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.Hosting;

internal static class ClientHealthChecks
{
    /// <summary>Registers a check under its name once, however often the client is added.</summary>
    /// <remarks><paramref name="createCheck"/> may throw: the check then never runs and the report fails with that exception, as with the real client.</remarks>
    public static void TryAddHealthCheck(this IHostApplicationBuilder builder, string name, Func<IServiceProvider, Func<CancellationToken, Task>> createCheck)
    {
        if (builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true))
            builder.Services.AddHealthChecks().Add(new(name, services => new Check(createCheck(services)), failureStatus: null, tags: null));
    }

    private sealed class Check(Func<CancellationToken, Task> check) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await check(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception e)
            {
                return new(context.Registration.FailureStatus, e.Message, e);
            }
        }
    }
}
