using CogniForge.Messaging.DeadLetters;
using CogniForge.ServiceDefaults.Tests.Support;

namespace CogniForge.Messaging.Tests.DeadLetters;

public sealed class DeadLettersEndpointsTests
{
    [Fact]
    public async Task Replay_ByApi_IsAudited()
    {
        await using var service = await TestService.StartAsync(app => app.MapDeadLetters("llm"));
        using var root = service.Client();
        (await root.PostAsync("/api/v1/llm/dead-letters/replay", null)).EnsureSuccessStatusCode();

        using var response = await root.GetAsync("/api/v1/llm/audit");

        var entry = Assert.Single((await response.JsonAsync()).GetProperty("items").EnumerateArray());
        Assert.Equal(
            ("ReplayDeadLetters", "dead-letters", "root"),
            (
                entry.GetProperty("action").GetString(),
                entry.GetProperty("resource").GetString(),
                entry.GetProperty("actor").GetProperty("id").GetString()
            )
        );
    }
}
