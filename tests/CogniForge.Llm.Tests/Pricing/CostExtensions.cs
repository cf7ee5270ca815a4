using System.Text.Json;
using CogniForge.Llm.Tests.Limits;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Pricing;

internal static class CostExtensions
{
    /// <summary>Sends a request and returns the cost in its entry of the request log.</summary>
    public static async Task<(decimal Cost, bool IsEstimated)> CostAsync(
        this GatewayHost gateway,
        string path,
        string body
    )
    {
        using var response = await gateway.Client.PostAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        var id = (response.Header("x-request-id") ?? response.Header("request-id"))!;
        JsonElement found = default;
        await Until.EqualAsync(
            true,
            async () =>
            {
                var items = (await (await gateway.Client.GetAsync("/api/v1/llm/requests?limit=1000")).ReadAsync(200))
                    .GetProperty("items")
                    .EnumerateArray();
                found = items.FirstOrDefault(r => r.GetProperty("id").GetString() == id);
                return found.ValueKind == JsonValueKind.Object;
            }
        );
        return (found.GetProperty("cost").GetDecimal(), found.GetProperty("estimated").GetBoolean());
    }

    /// <summary>Responds with the events of a stream, each with the type in its data.</summary>
    public static async Task EventsAsync(this Fakes.FakeCall call, params string[] events)
    {
        foreach (var data in events)
        {
            var type = JsonDocument.Parse(data).RootElement.GetProperty("type").GetString();
            await call.WriteAsync($"event: {type}\ndata: {data.ReplaceLineEndings("")}\n\n");
        }
    }
}
