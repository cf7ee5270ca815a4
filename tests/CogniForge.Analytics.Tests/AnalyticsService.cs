using Microsoft.AspNetCore.Hosting;

namespace CogniForge.Analytics.Tests;

/// <summary>Analytics as in a developer's run: it consumes the events that it publishes.</summary>
public sealed class AnalyticsService : ServiceHost<Program>
{
    public AnalyticsService() { }

    internal AnalyticsService(Action<IWebHostBuilder> configure)
        : base(configure) { }

    internal AnalyticsService(params (string Name, string Value)[] settings)
        : this(builder =>
        {
            foreach (var (name, value) in settings)
            {
                builder.UseSetting(name, value);
            }
        })
    { }

    public async Task<int> CountAsync(string? name = null)
    {
        using var response = await Client.GetAsync(
            "/api/v1/events/count" + (name is null ? "" : $"?event={Uri.EscapeDataString(name)}")
        );
        return (await response.ReadAsync(200)).GetProperty("count").GetInt32();
    }
}
