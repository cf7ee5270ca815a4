using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Http;
using CogniForge.Web.Clients;
using CogniForge.Web.Dashboard;
using Microsoft.AspNetCore.DataProtection;
using Refit;

namespace CogniForge.Web;

/// <summary>Registers the services of Web.</summary>
internal static class WebServices
{
    public static void AddWeb(this IServiceCollection services)
    {
        services.AddRazorPages();
        RemoveDataProtectionKeys(services);
        services.AddRefitGeneratedClient<ILlmClient>().ForService("llm");
        services.AddRefitGeneratedClient<IServingClient>().ForService("serving");
        services.AddRefitGeneratedClient<IAnalyticsClient>().ForService("analytics");
        services.AddScoped<DashboardReader>();
        services.AddSingleton<DashboardFeed>();
    }

    // Razor Pages bring data protection, which would write keys into the home directory that nothing here uses.
    private static void RemoveDataProtectionKeys(IServiceCollection services)
    {
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.Remove(services.Single(s => s.ImplementationType?.Name == "DataProtectionHostedService"));
    }

    public static void MapPages(this WebApplication app) => app.MapRazorPages().RequireScope(Scopes.MetricsRead);
}
