using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Dashboard;

internal static class DashboardServices
{
    public const string ResourceName = "aspire-dashboard";

    public static void AddDashboard(this IServiceCollection services)
    {
        services.AddSingleton<ResourceService>();
        services.AddHostedService(provider => provider.GetRequiredService<ResourceService>());
    }

    /// <summary>The keys by which the dashboard, its user, the AppHost and the services know each other. The one for telemetry is kept, as it is part of every project's environment.</summary>
    public static void AddDashboardKeys(this ConfigurationManager configuration, UserSecretsFile? secrets)
    {
        if (string.Equals(configuration["ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"], "true", StringComparison.OrdinalIgnoreCase))
            return;
        configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AppHost:OtlpApiKey"] = configuration["AppHost:OtlpApiKey"] ?? secrets?.GetOrAdd("AppHost:OtlpApiKey", Token) ?? Token(),
            ["AppHost:BrowserToken"] = NullIfEmpty(configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"]) ?? Token(),
            ["AppHost:ResourceService:ApiKey"] = NullIfEmpty(configuration["ASPIRE_DASHBOARD_RESOURCESERVICE_APIKEY"]) ?? Token(),
        });
    }

    private static string? NullIfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static string Token() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
