namespace CogniForge.Analytics.Tests;

/// <summary>Analytics as a developer runs it: what it takes in, it hands to itself.</summary>
public sealed class AnalyticsService : ServiceHost<Program>
{
    public async Task<int> CountAsync(string? name = null)
    {
        using var response = await Client.GetAsync(
            "/api/v1/events/count" + (name is null ? "" : $"?event={Uri.EscapeDataString(name)}")
        );
        return (await response.ReadAsync(200)).GetProperty("count").GetInt32();
    }
}
