using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry.Instrumentation.AspNetCore;

namespace OpenTelemetry.Trace;

public static class AspNetCoreInstrumentationTracerProviderBuilderExtensions
{
    public static TracerProviderBuilder AddAspNetCoreInstrumentation(this TracerProviderBuilder builder) =>
        AddAspNetCoreInstrumentation(builder, null);

    public static TracerProviderBuilder AddAspNetCoreInstrumentation(
        this TracerProviderBuilder builder,
        Action<AspNetCoreTraceInstrumentationOptions>? configureAspNetCoreTraceInstrumentationOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .ConfigureServices(services =>
            {
                services.TryAddSingleton<RequestSpans>();
                if (configureAspNetCoreTraceInstrumentationOptions is not null)
                    services.Configure(configureAspNetCoreTraceInstrumentationOptions);
            })
            .AddSource("Microsoft.AspNetCore")
            .AddInstrumentation(services => services.GetRequiredService<RequestSpans>());
    }
}
