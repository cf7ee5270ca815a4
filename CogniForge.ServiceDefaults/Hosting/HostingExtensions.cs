using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Hosting;

/// <summary>How clients reach a service: through proxies, by HTTPS, and the admin APIs on their own port.</summary>
internal static partial class HostingExtensions
{
    private const int ThreadsPerProcessor = 2;

    public static void AddHosting(this WebApplicationBuilder builder)
    {
        AddThreads();
        builder
            .Services.AddOptions<ForwardedHeadersOptions>()
            .Configure<IOptions<CogniForgeOptions>>((o, options) => options.Value.ForwardedHeaders.Apply(o));
        builder.Services.AddHostedService<AdminPortCheck>();
        builder.Services.AddCors();
        builder
            .Services.AddOptions<CorsOptions>()
            .Configure<IOptions<CogniForgeOptions>>((o, options) => options.Value.Cors.Apply(o));

        // The process ends with the reason, which the host would log once more, with a stack trace.
        builder.Logging.AddFilter(
            StartErrors.HostCategory,
            static level => level >= LogLevel.Information && !(StartErrors.AreReported && level == LogLevel.Error)
        );

        // A client that resets thousands of streams loses its connection; Kestrel logs each of them as critical.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Http2", LogLevel.None);
    }

    /// <summary>Adds what must see a request first: it changes the client's address and the scheme.</summary>
    public static void UseProxies(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<CogniForgeOptions>>().Value.ForwardedHeaders.HasProxies)
        {
            app.UseForwardedHeaders();
        }

        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }
    }

    /// <summary>Lets pages of other origins call the service, if there are any.</summary>
    public static void UseCrossOrigin(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<IOptions<CogniForgeOptions>>().Value.Cors;
        if (origins.AllowedOrigins.Count > 0)
        {
            app.UseCors();
        }

        if (origins.AllowsAny)
        {
            Log.AnyOrigin(app.Logger);
        }
    }

    /// <summary>Hides the admin APIs from all ports but the admin port, if there is one.</summary>
    public static void UseAdminPort(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<CogniForgeOptions>>().Value.AdminPort is not null)
        {
            app.UseMiddleware<AdminPortMiddleware>();
        }
    }

    // With a thread for each processor, large requests hold up all others until the pool adds one, half a second later.
    // More cost 15 MB each: the pool of arrays keeps large ones for each thread.
    private static void AddThreads()
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, ThreadsPerProcessor * Environment.ProcessorCount), ports);
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.AnyOriginAllowed,
            LogLevel.Warning,
            "CogniForge:Cors:AllowedOrigins is *: any web page that has a key may call this service"
        )]
        public static partial void AnyOrigin(ILogger logger);
    }
}
