using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Hosting;

/// <summary>How clients reach a service: through proxies, by HTTPS, and the admin APIs on their own port.</summary>
internal static class HostingExtensions
{
    public static void AddHosting(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<ForwardedHeadersOptions>()
            .Configure<IOptions<CogniForgeOptions>>((o, options) => options.Value.ForwardedHeaders.Apply(o));
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

    /// <summary>Hides the admin APIs from all ports but the admin port, if there is one.</summary>
    public static void UseAdminPort(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<CogniForgeOptions>>().Value.AdminPort is not null)
        {
            app.UseMiddleware<AdminPortMiddleware>();
        }
    }
}
