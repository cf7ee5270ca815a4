using System.Text;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>What a broken or hostile provider sends takes a bounded amount of memory.</summary>
public sealed class LargeResponseTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Event_WithoutEnd_IsCutAtLimit(bool stream)
    {
        var body = "data: " + new string('x', 17 << 20);

        var reply = await SendAsync(body, "text/event-stream", stream);

        Assert.Equal(502, reply.Status);
        Assert.Contains("16 MiB", reply.Error!.Value.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 200_000)] // it is made into events
    [InlineData(false, 1_000_000)]
    public async Task Response_TooManyValues_IsRefused(bool stream, int max)
    {
        var body = $$"""{"choices":[{{string.Join(',', Enumerable.Repeat("0", 1_000_000))}}]}""";

        var reply = await SendAsync(body, "application/json", stream);

        Assert.Equal(502, reply.Status);
        Assert.Contains($"{max} JSON values", reply.Error!.Value.GetRawText(), StringComparison.Ordinal);
    }

    /// <summary>The copies of a translation take several times its size.</summary>
    [Fact]
    public async Task Translation_Over8MiB_IsRefused()
    {
        var error = await TranslateAsync($$"""{"role":"assistant","content":"{{new string('x', 9 << 20)}}"}""");

        Assert.Contains("the response exceeds 8 MiB", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Translation_Over200000Values_IsRefused()
    {
        var calls = Enumerable.Repeat("""{"id":"c","function":{"name":"f","arguments":"{}"}}""", 30_000);

        var error = await TranslateAsync($$"""{"role":"assistant","tool_calls":[{{string.Join(',', calls)}}]}""");

        Assert.Contains("over 200000 JSON values", error, StringComparison.Ordinal);
    }

    /// <summary>A translation keeps the output until the end, also if only the provider streams.</summary>
    [Theory]
    [InlineData("/v1/responses", "\"input\":\"Hi\"", true)]
    [InlineData("/v1/messages", "\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]", true)]
    [InlineData("/v1/responses", "\"input\":\"Hi\"", false)]
    public async Task Stream_TranslatedOver8MiB_EndsWithError(string path, string members, bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            for (var i = 0; i < 90; i++)
            {
                await call.ChunkAsync(new('x', 100_000));
            }

            await call.FinishAsync();
            await call.DoneAsync();
        };

        using var response = await gateway.Client.PostAsync(
            path,
            $$"""{"model":"alone","stream":{{(stream ? "true" : "false")}},{{members}}}"""
        );

        Assert.Contains(
            "the response exceeds 8 MiB",
            await response.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
    }

    /// <summary>A translation keeps the output until the end of the stream.</summary>
    [Fact]
    public async Task Stream_TranslatedOutput_CountsTowardsShareOfKey()
    {
        var ending = new TaskCompletionSource();
        await using var gateway = await FaultyGateway.StartAsync(
            ("CogniForge:Overload:MaxBodyBytes", "1000000"),
            ("CogniForge:Overload:MaxWait", "00:00:00")
        );
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            for (var i = 0; i < 12; i++)
            {
                await call.ChunkAsync(new('x', 50_000));
            }

            await ending.Task;
            await call.FinishAsync();
            await call.DoneAsync();
        };
        const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/messages", UriKind.Relative))
        {
            Content = Requests.Json($$"""{"model":"alone","max_tokens":9,"stream":true,{{Messages}}}"""),
        };
        using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.Content.ReadAsStreamAsync();
        await stream.ReadExactlyAsync(new byte[600_000]);

        using var second = await gateway.Client.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"alone",{{Messages}}}"""
        );

        Assert.Equal(429, (int)second.StatusCode);
        ending.SetResult();
        using var rest = new StreamReader(stream);
        Assert.Contains("message_stop", await rest.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private static async Task<string> TranslateAsync(string message)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call =>
            call.BodyAsync(
                Encoding.UTF8.GetBytes(
                    $$"""{"id":"c","model":"m","choices":[{"index":0,"message":{{message}},"finish_reason":"stop"}]}"""
                ),
                "application/json"
            );
        using var response = await gateway.Client.PostAsync(
            "/v1/messages",
            """{"model":"alone","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}"""
        );
        Assert.Equal(502, (int)response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<Reply> SendAsync(string body, string contentType, bool stream)
    {
        // The clock is twenty times as fast as the machine, which reads for a while.
        await using var gateway = await FaultyGateway.StartAsync(
            ("Timeouts:FirstToken", "01:00:00"),
            ("Timeouts:Silence", "01:00:00"),
            ("Timeouts:Answer", "01:00:00"),
            ("Timeouts:Total", "01:00:00")
        );
        gateway.Primary.Behaviour = call => call.BodyAsync(Encoding.UTF8.GetBytes(body), contentType);
        return await gateway.SendAsync("alone", stream);
    }
}
