using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

public static class OtlpConfigurationExtensions
{
    private const string DefaultEndpoint = "http://localhost:18889";

    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment
    {
        var configuration = builder.ApplicationBuilder.Configuration;
        var isDevelopment = builder.ApplicationBuilder.Environment.IsDevelopment();
        return builder.WithEnvironment(context =>
        {
            if (!context.ExecutionContext.IsRunMode)
                return;
            var variables = context.EnvironmentVariables;
            var grpc = configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] ?? configuration["DOTNET_DASHBOARD_OTLP_ENDPOINT_URL"];
            var http = configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] ?? configuration["DOTNET_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"];
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = DashboardEndpoint(context) as object ?? grpc ?? http ?? DefaultEndpoint;
            variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = grpc is null && http is not null ? "http/protobuf" : "grpc";
            variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={InstanceTokens.InstanceSuffix}";
            variables["OTEL_SERVICE_NAME"] = builder.Resource.Name;
            if (configuration["AppHost:OtlpApiKey"] is { } key)
                variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
            if (!isDevelopment)
                return;
            variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            variables["OTEL_TRACES_SAMPLER"] = "always_on";
            variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
            variables["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true";
        });
    }

    private static EndpointReference? DashboardEndpoint(EnvironmentCallbackContext context) =>
        context.ExecutionContext.Services.GetRequiredService<DistributedApplicationModel>().Resources.TryGetByName(DashboardServices.ResourceName, out var dashboard)
            ? ((IResourceWithEndpoints)dashboard).GetEndpoint("otlp-grpc")
            : null;
}
