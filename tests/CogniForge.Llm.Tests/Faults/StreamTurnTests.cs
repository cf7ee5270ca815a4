using System.Text;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.ServiceDefaults.Overload;

namespace CogniForge.Llm.Tests.Faults;

/// <summary>A stream whose events are all there already lets other requests run between them.</summary>
public sealed class StreamTurnTests
{
    private const int Events = 100_000;
    private static readonly byte[] _events = Encoding.ASCII.GetBytes(
        string.Concat(Enumerable.Repeat("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n", Events))
            + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"
    );

    [Theory]
    [InlineData("/v1/chat/completions", "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]")]
    [InlineData("/v1/messages", "\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]")]
    [InlineData("/v1/completions", "\"prompt\":\"Hi\"")] // passed through
    public async Task Stream_FastProvider_GivesWay(string path, string members)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.BodyAsync(_events, "text/event-stream");
        var before = ThreadPool.CompletedWorkItemCount;

        using var response = await gateway.Client.PostAsync(path, $$"""{"model":"alone","stream":true,{{members}}}""");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.InRange(ThreadPool.CompletedWorkItemCount - before, Events / Turn.Items, long.MaxValue);
    }
}
