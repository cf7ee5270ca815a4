using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace CogniForge.ServiceDefaults.Telemetry;

/// <summary>Logs, metrics and traces over OTLP.</summary>
internal static class TelemetryExtensions
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string OtlpTimeout = "OTEL_EXPORTER_OTLP_TIMEOUT";

    /// <summary>
    /// Collects the logs, the metrics and the traces of the framework, of the stores and of every <c>CogniForge.*</c> tracer and meter, and exports them
    /// when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.
    /// </summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter("CogniForge.*"))
            .WithTracing(tracing => tracing
                .AddSource("CogniForge.*")
                .AddAspNetCoreInstrumentation(options => options.Filter = context => !IsProbe(context.Request.Path))
                .AddHttpClientInstrumentation());

        if (!string.IsNullOrEmpty(builder.Configuration[OtlpEndpoint]))
        {
            // A collector that is away must not hold up a shutdown for the exporter's own ten seconds.
            if (builder.Configuration[OtlpTimeout] is null)
            {
                builder.Configuration.AddInMemoryCollection([new(OtlpTimeout, "2000")]);
            }

            telemetry.UseOtlpExporter();
        }
    }

    private static bool IsProbe(PathString path) =>
        path.StartsWithSegments("/health") || path.StartsWithSegments("/alive") || path.StartsWithSegments("/metrics");
}
