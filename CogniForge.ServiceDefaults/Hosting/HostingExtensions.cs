using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Hosting;

/// <summary>How a service is reached: through proxies, by HTTPS, and with its admin APIs on a port of their own.</summary>
internal static class HostingExtensions
{
    public static void AddHosting(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<ForwardedHeadersOptions>()
            .Configure<IOptions<CogniForgeOptions>>((headers, options) => options.Value.ForwardedHeaders.Apply(headers));
        builder.Services.AddHostedService<AdminPortCheck>();
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

    /// <summary>Hides the admin APIs from all ports but <see cref="CogniForgeOptions.AdminPort"/>, if it is set.</summary>
    public static void UseAdminPort(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<CogniForgeOptions>>().Value.AdminPort is not null)
        {
            app.UseMiddleware<AdminPortMiddleware>();
        }
    }
}
