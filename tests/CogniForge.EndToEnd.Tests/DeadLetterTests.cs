using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Aspire.Hosting.Testing;

namespace CogniForge.EndToEnd.Tests;

/// <summary>The dashboard's command for messages that failed.</summary>
[Trait("Category", "Servers")]
[Collection(ProductionCollection.Name)]
public sealed class DeadLetterTests(ProductionSystem system)
{
    private const string DeadLetters = "analytics.events.dead-letters";

    [Fact]
    public async Task Replay_ByCommand_ReturnsMessagesToConsumer()
    {
        using var analytics = system.Client("analytics", RunningSystem.AdminKey);
        const string Event = """
            [{"messageId":"dead-1","event":"came_back","userId":"u1",
            "occurredAt":"2026-01-01T00:00:00Z","receivedAt":"2026-01-01T00:00:00Z"}]
            """;
        await AddDeadLetterAsync(
            Event,
            new()
            {
                ["cloudEvents:specversion"] = "1.0",
                ["cloudEvents:id"] = "dead-1",
                ["cloudEvents:type"] = "analytics.event.received.v1",
                ["cloudEvents:source"] = "/cogniforge/analytics",
                ["cloudEvents:time"] = "2026-01-01T00:00:00Z",
            }
        );
        await AddDeadLetterAsync("can never be read", []);

        Assert.Equal("2 moved back to their queues, 0 left.", await ReplayAsync());

        await Until.GetAsync(
            () => Samples.CountAsync(analytics, "/api/v1/events/count?event=came_back"),
            n => n == 1
        );

        // The unreadable message is back among the dead letters.
        await Until.GetAsync(ReplayAsync, response => response == "1 moved back to their queues, 0 left.");
    }

    private async Task<string?> ReplayAsync()
    {
        var result = await system.App.ResourceCommands.ExecuteCommandAsync("analytics", "replay-dead-letters");
        Assert.True(result.Success, result.Message);
        return result.Message;
    }

    /// <summary>Adds a message to the dead letters through RabbitMQ's management API.</summary>
    private async Task AddDeadLetterAsync(string payload, Dictionary<string, string> headers)
    {
        var user = Uri.UnescapeDataString(new Uri((await system.App.GetConnectionStringAsync("messaging"))!).UserInfo);
        using var management = system.App.CreateHttpClient("messaging", "management");
        management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(user))
        );
        using var response = await management.PostAsJsonAsync(
            "/api/exchanges/%2F/amq.default/publish",
            new
            {
                properties = new { headers, delivery_mode = 2 },
                routing_key = DeadLetters,
                payload,
                payload_encoding = "string",
            }
        );
        Assert.True((bool)(await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>())!["routed"]!);
    }
}
