using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Supervision;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aspire.Hosting.Orchestration;

internal static class OrchestrationServices
{
    public static void AddOrchestration(this IServiceCollection services, IDistributedApplicationBuilder builder, DistributedApplicationOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(builder.ExecutionContext);
        services.AddSingleton(builder.Eventing);
        services.AddSingleton(_ => new DistributedApplicationModel(builder.Resources));
        services.AddSingleton<ResourceNotificationService>();
        services.AddSingleton<ResourceLoggerService>();
        services.AddSingleton(provider => new ResourceCommandService(provider));
        // Without a dashboard nobody sees, or mends, what a resource waits for.
        services.Configure<ResourceNotificationServiceOptions>(o => o.DefaultWaitBehavior = options.DisableDashboard ? WaitBehavior.StopOnResourceUnavailable : WaitBehavior.WaitOnResourceUnavailable);
        services.AddHealthChecks();
        services.AddHttpClient();

        services.AddSingleton<RunFolder>();
        services.AddSingleton<SupervisorProcess>();
        services.AddSingleton<LaunchPlanner>();
        services.AddSingleton<InstanceServices>();
        services.AddSingleton<Orchestrator>();
        if (!options.DisableDashboard)
            services.AddDashboard();
        if (options.EnableResourceLogging)
            services.AddHostedService<ConsoleLogForwarder>();
        services.AddHostedService<HealthMonitor>();
        services.AddHostedService(provider => provider.GetRequiredService<Orchestrator>());
    }
}
