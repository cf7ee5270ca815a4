using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Pricing;

/// <summary>A stream that ends early: usage reported before its end is a placeholder.</summary>
public class InterruptedStreamCostTests
{
    private const string Text = "word word word word word word word word ";
    private const int Words = 8;
    private const int Deltas = 50;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Anthropic_EndsEarly_ChargesReceivedOutput(bool clientDisconnects)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.WriteAsync(
                """
                event: message_start
                data: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant",
                data: "model":"claude-a","content":[],"stop_reason":null,
                data: "usage":{"input_tokens":100,"output_tokens":1}}}


                """
            );
            for (var i = 0; i < Deltas; i++)
            {
                await call.WriteAsync(
                    $$$"""
                    event: content_block_delta
                    data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{Text}}}"}}


                    """
                );
            }

            await (clientDisconnects ? call.HangAsync() : Task.CompletedTask);
        };
        await SendAsync(gateway, "mixed", clientDisconnects);

        var entry = Assert.Single(await gateway.LogEntriesAsync(1));
        Assert.Equal((100, Words * Deltas, true), (entry.InputTokens, entry.OutputTokens, entry.Estimated));
    }

    /// <summary>Some servers report the usage so far in every chunk.</summary>
    [Fact]
    public async Task Chat_RunningUsageBreaksOff_ChargesReceivedOutput()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.DataAsync(
                """
                {"id":"1","model":"m","choices":[{"index":0,"delta":{"content":"a "},"finish_reason":null}],
                """.Replace("\n", "", StringComparison.Ordinal)
                    + """ "usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10}}"""
            );
            for (var i = 0; i < Deltas; i++)
            {
                await call.ChunkAsync(Text);
            }
        };
        await SendAsync(gateway, "alone", clientDisconnects: false);

        var entry = Assert.Single(await gateway.LogEntriesAsync(1));
        Assert.Equal(
            (9, (Words * Deltas) + 1, true),
            (entry.InputTokens, entry.OutputTokens, entry.Estimated)
        );
    }

    /// <summary>agentjido/req_llm#781, tensorzero#2078: the usage comes after the finish reason.</summary>
    [Theory]
    [InlineData(9, 3, false)]
    [InlineData(11, 1, true)] // the client does not wait for ever
    public async Task Chat_UsageAfterFinish_IsAwaited(int seconds, int outputTokens, bool isEstimated)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.ChunkAsync("word");
            await call.FinishAsync();
            await call.DelayAsync(TimeSpan.FromSeconds(seconds), gateway.Time);
            await call.UsageAsync();
            await call.DoneAsync();
        };

        Assert.True((await gateway.SendAsync("alone", stream: true)).IsDone);

        var entry = Assert.Single(await gateway.LogEntriesAsync(1));
        Assert.Equal((outputTokens, isEstimated), (entry.OutputTokens, entry.Estimated));
    }

    /// <summary>
    /// Without usage, what was sent and received is estimated: litellm#33736, one-switch#3, gemini-cli#28682. Four
    /// characters of Chinese are not one token.
    /// </summary>
    [Fact]
    public async Task Chat_ChineseWithoutUsage_IsEstimatedByCharacters()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            for (var i = 0; i < 10; i++)
            {
                await call.ChunkAsync("人工智能正在改变我们的生活方式");
            }

            await call.FinishAsync();
            await call.DoneAsync();
        };

        await gateway.SendAsync("alone", stream: true);

        var entry = Assert.Single(await gateway.LogEntriesAsync(1));
        Assert.InRange(entry.OutputTokens, 80, 150);
    }

    private static async Task SendAsync(FaultyGateway gateway, string model, bool clientDisconnects)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = Requests.Json(
                $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hi"}],"stream":true}"""
            ),
        };
        using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var deltas = 0;
        while (await reader.ReadLineAsync() is { } line)
        {
            deltas += line.Contains(Text, StringComparison.Ordinal) ? 1 : 0;
            if (clientDisconnects && deltas == Deltas)
            {
                return;
            }
        }
    }
}
