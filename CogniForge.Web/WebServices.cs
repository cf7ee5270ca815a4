using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Http;
using CogniForge.Web.Clients;
using CogniForge.Web.Dashboard;
using Refit;

namespace CogniForge.Web;

/// <summary>Registers the services of Web.</summary>
internal static class WebServices
{
    public static void AddWeb(this IServiceCollection services)
    {
        services.AddRazorPages();
        services.AddRefitGeneratedClient<ILlmClient>().ForService("llm");
        services.AddRefitGeneratedClient<IServingClient>().ForService("serving");
        services.AddRefitGeneratedClient<IAnalyticsClient>().ForService("analytics");
        services.AddScoped<DashboardReader>();
        services.AddSingleton<DashboardFeed>();
    }

    public static void MapPages(this WebApplication app) => app.MapRazorPages().RequireScope(Scopes.MetricsRead);
}
