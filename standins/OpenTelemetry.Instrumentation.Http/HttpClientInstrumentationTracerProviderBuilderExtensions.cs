using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry.Instrumentation.Http;

namespace OpenTelemetry.Trace;

public static class HttpClientInstrumentationTracerProviderBuilderExtensions
{
    public static TracerProviderBuilder AddHttpClientInstrumentation(this TracerProviderBuilder builder) =>
        AddHttpClientInstrumentation(builder, null);

    public static TracerProviderBuilder AddHttpClientInstrumentation(
        this TracerProviderBuilder builder,
        Action<HttpClientTraceInstrumentationOptions>? configureHttpClientTraceInstrumentationOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .ConfigureServices(services =>
            {
                services.TryAddSingleton<RequestSpans>();
                if (configureHttpClientTraceInstrumentationOptions is not null)
                    services.Configure(configureHttpClientTraceInstrumentationOptions);
            })
            .AddSource("System.Net.Http")
            .AddInstrumentation(services => services.GetRequiredService<RequestSpans>());
    }
}
