using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Faults;

/// <summary>A client that reads slowly or not at all costs neither its provider's reputation nor much memory.</summary>
public class UnreadStreamTests
{
    private const string Ask =
        """{"model":"alone","stream":true,"messages":[{"role":"user","content":"Write a book"}]}""";
    private static readonly string _page = new('x', 16_000);

    [Fact]
    public async Task Stream_SixUnread_KeepCircuitClosed()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            while (true)
            {
                await call.ChunkAsync(_page);
            }
        };
        var clients = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => RawClient.SendAsync(gateway.Address, Ask))
        );
        await Until.TrueAsync(() => gateway.Primary.Calls.Count == 6, "calls");
        await gateway.RunAsync(Task.WhenAll(gateway.Primary.Calls.Select(c => c.Ended)));

        gateway.Primary.Behaviour = call => call.RespondAsync("Hello there");
        Assert.Equal(200, (await gateway.SendAsync("alone", true)).Status);
        Assert.All(
            (await gateway.LogEntriesAsync(7)).Take(6),
            entry => Assert.Equal((499, "cancelled"), (entry.Status, entry.Error))
        );
        Array.ForEach(clients, c => c.Dispose());
    }

    [Fact]
    public async Task Stream_PausedClient_IsReceivedWhole()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        var sent = 0;
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            for (var page = 0; page < 1_000; page++)
            {
                await call.ChunkAsync(_page);
                Interlocked.Increment(ref sent);
            }

            await call.FinishAsync();
            await call.DoneAsync();
        };
        using var client = await RawClient.SendAsync(gateway.Address, Ask);
        await WaitUntilBlockedAsync(() => Volatile.Read(ref sent));

        gateway.Time.Advance(TimeSpan.FromSeconds(30)); // longer than the provider may be silent
        var text = await client.ReadToEndAsync();
        Assert.EndsWith("data: [DONE]\n\n\r\n0\r\n\r\n", text, StringComparison.Ordinal);
        Assert.Equal(200, Assert.Single(await gateway.LogEntriesAsync(1)).Status);
    }

    /// <summary>Anthropic reports one output token before the first, and the true usage at the end.</summary>
    [Fact]
    public async Task Stream_AbortedAfterPlaceholderUsage_CostsReceivedOutput()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.WriteAsync(
                """
                data: {"type":"message_start","message":{"id":"msg_1","model":"claude-a",
                data: "usage":{"input_tokens":7,"output_tokens":1}}}

                data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}


                """
                    + $$$"""
                    data: {"type":"content_block_delta","index":0,
                    data: "delta":{"type":"text_delta","text":"{{{_page}}}"}}


                    """
            );
            await call.HangAsync();
        };
        using (var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages"))
        {
            request.Content = Requests.Json(
                """{"model":"mixed","stream":true,"max_tokens":9000,"messages":[{"role":"user","content":"Hi"}]}"""
            );
            using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            using var reader = new System.IO.StreamReader(await response.Content.ReadAsStreamAsync());
            while (!(await reader.ReadLineAsync())!.Contains(_page, StringComparison.Ordinal)) { }
        }

        var entry = Assert.Single(await gateway.LogEntriesAsync(1));
        Assert.Equal((499, 7, true), (entry.Status, entry.InputTokens, entry.Estimated));
        Assert.InRange(entry.OutputTokens, _page.Length / 8, _page.Length / 4);
    }

    /// <summary>Waits until a count stands still, because buffers are full.</summary>
    private static Task WaitUntilBlockedAsync(Func<int> count)
    {
        var (last, unchanged) = (-1, 0);
        return Until.TrueAsync(
            () =>
            {
                var now = count();
                (last, unchanged) = (now, now == last ? unchanged + 1 : 0);
                return now > 0 && unchanged == 20;
            },
            "the provider still sends"
        );
    }
}
