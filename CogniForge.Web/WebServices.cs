using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Keys;
using CogniForge.Web.Clients;
using CogniForge.Web.Dashboard;
using Refit;

namespace CogniForge.Web;

/// <summary>The service's own registrations.</summary>
internal static class WebServices
{
    public static void AddWeb(this IServiceCollection services)
    {
        services.AddRazorPages();
        services.AddRefitClient<ILlmClient>().ForService("llm");
        services.AddRefitClient<IServingClient>().ForService("serving");
        services.AddRefitClient<IAnalyticsClient>().ForService("analytics");
        services.AddScoped<ReadDashboard>();
    }

    public static void MapPages(this WebApplication app) => app.MapRazorPages().RequireScope(Scopes.MetricsRead);
}
