using System.Text;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Api;

/// <summary>
/// The gateway requests the usage of every chat stream for the bill; clients see it only if they request it, wherever
/// the provider puts it.
/// </summary>
public sealed class StreamUsageTests
{
    private const string Chunk =
        """data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"model-a","choices":[{"index":0,""";

    private const string Usage = "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}";

    private const string InFinish =
        Chunk
        + "\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}]}\n\n"
        + Chunk
        + "\"delta\":{},\"finish_reason\":\"stop\"}],"
        + Usage
        + ",\"extra\":1}\n\ndata: [DONE]\n\n";

    // LM Studio, Fireworks and others count in every chunk.
    private const string Running =
        Chunk
        + "\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}],"
        + Usage
        + "}\n\n"
        + Chunk
        + "\"delta\":{},\"finish_reason\":\"stop\"}],"
        + Usage
        + ",\"extra\":1}\n\ndata: [DONE]\n\n";

    [Theory]
    [InlineData(InFinish, "", false)]
    [InlineData(Running, "", false)]
    [InlineData(InFinish, ",\"stream_options\":{\"include_usage\":false}", false)]
    [InlineData(InFinish, ",\"stream_options\":{\"include_usage\":true}", true)]
    public async Task Stream_UsageBesideChoices_FollowsRequest(string events, string options, bool isSent)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.BodyAsync(Encoding.UTF8.GetBytes(events), "text/event-stream");
        using var content = new StringContent(
            $$"""{"model":"alone","messages":[{"role":"user","content":"Hi"}],"stream":true{{options}}}""",
            Encoding.UTF8,
            "application/json"
        );
        var response = gateway.Client.PostAsync("/v1/chat/completions", content);
        await gateway.RunAsync(response);
        var body = await (await response).Content.ReadAsStringAsync();

        Assert.Equal(isSent, body.Contains("usage", StringComparison.Ordinal));
        Assert.Contains("\"content\":\"Hi\"", body, StringComparison.Ordinal);
        Assert.Contains("\"extra\":1", body, StringComparison.Ordinal);
        var entry = (await gateway.LogEntriesAsync(1))[0];
        Assert.Equal((7, 3), (entry.InputTokens, entry.OutputTokens));
    }
}
