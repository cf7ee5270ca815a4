using System.Net.ServerSentEvents;
using System.Text.Json;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Sdks;

namespace CogniForge.Llm.Tests.Faults;

/// <summary>
/// Load balancers and proxies close connections that are silent for 55 s or more (BerriAI/litellm#34819,
/// openclaw/openclaw#70739, james-6-23/codex2api#623): a client's stream is never silent for so long.
/// </summary>
public class KeepAliveTests
{
    private const string Comment = ": keep-alive\n\n";
    private static readonly (string, string?) _everyTwoSeconds = ("Timeouts:KeepAlive", "00:00:02");

    [Fact]
    public async Task FirstToken_Late_ClientGetsCommentEachFifteenSeconds()
    {
        await using var gateway = await FaultyGateway.StartAsync(
            ("Timeouts:FirstToken", "00:01:00"),
            ("Timeouts:KeepAlive", "00:00:15")
        );
        gateway.Primary.Behaviour = call => AfterAsync(gateway, 40, call);
        var (status, text, headers) = await SendAsync(gateway, "alone");
        Assert.Equal(200, status);
        Assert.StartsWith($"{Comment}{Comment}", text, StringComparison.Ordinal);
        Assert.StartsWith("data: {", text.Replace(Comment, ""), StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.Equal("alone", headers["x-cogniforge-route"]);
        Assert.True(headers.ContainsKey("x-request-id"));
        Assert.False(headers.ContainsKey("x-cogniforge-target"));
    }

    [Fact]
    public async Task Messages_LateFirstToken_ClientGetsPing()
    {
        await using var gateway = await FaultyGateway.StartAsync(_everyTwoSeconds);
        gateway.Primary.Behaviour = call => AfterAsync(gateway, 3, call);
        var (_, text, _) = await SendAsync(gateway, "alone", "/v1/messages", "\"max_tokens\":9");
        const string Ping = "event: ping\ndata: {\"type\": \"ping\"}\n\n";
        Assert.StartsWith(Ping, text, StringComparison.Ordinal);
        Assert.StartsWith("event: message_start\n", text.Replace(Ping, ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_SilentInTheMiddle_EventsStayWhole()
    {
        await using var gateway = await FaultyGateway.StartAsync(_everyTwoSeconds);
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.ChunkAsync("one");
            await call.WriteAsync("data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,");
            await call.DelayAsync(TimeSpan.FromSeconds(7), gateway.Time);
            await call.WriteAsync("\"delta\":{\"content\":\" two\"},\"finish_reason\":\"stop\"}]}\n\n");
            await call.DoneAsync();
        };
        var (_, text, _) = await SendAsync(gateway, "alone");
        var frames = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, frames.Count(f => f == Comment.TrimEnd()));
        Assert.All(
            frames,
            f => Assert.True(f == Comment.TrimEnd() || f.StartsWith("data: ", StringComparison.Ordinal), f)
        );
        Assert.Contains("two", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fallback_AfterKeepAlive_StillWorks()
    {
        await using var gateway = await FaultyGateway.StartAsync(_everyTwoSeconds);
        gateway.Primary.Behaviour = call => call.HangAsync();
        var reply = await gateway.SendAsync("both", stream: true);
        Assert.Equal((200, "Hello", "model-b", true), (reply.Status, reply.Text, reply.Model, reply.IsDone));
    }

    [Theory]
    [InlineData("/v1/chat/completions", "\"n\":1", null)]
    [InlineData("/v1/messages", "\"max_tokens\":9", "error")]
    [InlineData("/v1/responses", "\"input\":\"Hi\"", "error")]
    public async Task Failure_AfterKeepAlive_IsLastEvent(string path, string more, string? name)
    {
        await using var gateway = await FaultyGateway.StartAsync(_everyTwoSeconds);
        gateway.Primary.Behaviour = async call =>
        {
            await call.DelayAsync(TimeSpan.FromSeconds(3), gateway.Time);
            await call.ErrorAsync(400, "invalid_request_error", null, "This prompt is too odd.");
        };
        var (status, text, _) = await SendAsync(gateway, "alone", path, more);
        Assert.Equal(200, status);
        var last = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.Contains("This prompt is too odd.", last, StringComparison.Ordinal);
        Assert.StartsWith(name is null ? "data: {\"error\":" : $"event: {name}\n", last, StringComparison.Ordinal);
        Assert.Equal(400, Assert.Single(await gateway.LogEntriesAsync(1)).Status);
    }

    [Fact]
    public async Task Failure_BeforeKeepAlive_KeepsStatus()
    {
        await using var gateway = await FaultyGateway.StartAsync(("Timeouts:KeepAlive", "00:05:00"));
        gateway.Primary.Behaviour = call => call.HangAsync();
        Assert.Equal(504, (await SendAsync(gateway, "alone")).Status);
    }

    [Fact]
    public async Task Interval_Zero_SendsNone()
    {
        await using var gateway = await FaultyGateway.StartAsync(
            ("Timeouts:KeepAlive", "00:00:00"),
            ("Timeouts:FirstToken", "00:01:00")
        );
        gateway.Primary.Behaviour = call => AfterAsync(gateway, 40, call);
        Assert.StartsWith("data: ", (await SendAsync(gateway, "alone")).Text, StringComparison.Ordinal);
    }

    /// <summary>A request that waits for the response to an identical one waits for the provider too.</summary>
    [Fact]
    public async Task IdenticalRequest_InFlight_ClientGetsComments()
    {
        await using var gateway = await FaultyGateway.StartAsync(_everyTwoSeconds);
        gateway.Primary.Behaviour = call => AfterAsync(gateway, 5, call);
        var both = Task.WhenAll(SendAsync(gateway, "cached"), SendAsync(gateway, "cached"));
        await gateway.RunAsync(both);
        Assert.Single(gateway.Primary.Calls);
        Assert.All(
            await both,
            reply =>
            {
                Assert.StartsWith($"{Comment}{Comment}", reply.Text, StringComparison.Ordinal);
                Assert.StartsWith("data: {", reply.Text.Replace(Comment, ""), StringComparison.Ordinal);
                Assert.EndsWith("data: [DONE]\n\n", reply.Text, StringComparison.Ordinal);
            }
        );
    }

    [Theory]
    [InlineData(Sdks.Api.OpenAI)]
    [InlineData(Sdks.Api.Anthropic)]
    public async Task Sdk_KeepAlives_AreIgnored(Sdks.Api client)
    {
        await using var gateway = await FaultyGateway.StartAsync(_everyTwoSeconds);
        gateway.Primary.Behaviour = async call =>
        {
            await call.DelayAsync(TimeSpan.FromSeconds(5), gateway.Time);
            await call.BeginAsync();
            await call.ChunkAsync("Hello");
            await call.DelayAsync(TimeSpan.FromSeconds(5), gateway.Time);
            await call.ChunkAsync(" there");
            await call.FinishAsync();
            await call.UsageAsync();
            await call.DoneAsync();
        };
        var received = ISdk.Create(client, gateway.Address).SendAsync("alone", ChatRequest.Create("Hi"), stream: true);
        await gateway.RunAsync(received);
        Assert.Equal("Hello there", (await received).Text);
    }

    [Fact]
    public async Task Responses_KeepAlives_KeepSequenceNumbers()
    {
        await using var gateway = await FaultyGateway.StartAsync(_everyTwoSeconds);
        gateway.Primary.Behaviour = call => AfterAsync(gateway, 5, call);
        var (_, text, _) = await SendAsync(gateway, "alone", "/v1/responses", "\"input\":\"Hi\"");
        await using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        var numbers = SseParser
            .Create(stream)
            .Enumerate()
            .Select(e => JsonElement.Parse(e.Data).GetProperty("sequence_number").GetInt32())
            .ToList();
        Assert.Equal(Enumerable.Range(0, numbers.Count), numbers);
    }

    private static async Task AfterAsync(FaultyGateway gateway, int seconds, FakeCall call)
    {
        await call.DelayAsync(TimeSpan.FromSeconds(seconds), gateway.Time);
        await call.RespondAsync("Hello there");
    }

    private static async Task<(int Status, string Text, Dictionary<string, string> Headers)> SendAsync(
        FaultyGateway gateway,
        string model,
        string path = "/v1/chat/completions",
        string more = "\"n\":1"
    )
    {
        var messages = path == "/v1/responses" ? "" : "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],";
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = Requests.Json($$"""{"model":"{{model}}",{{messages}}"stream":true,{{more}}}"""),
        };
        var sent = ReadAsync();
        await gateway.RunAsync(sent);
        return await sent;

        async Task<(int, string, Dictionary<string, string>)> ReadAsync()
        {
            using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return (
                (int)response.StatusCode,
                await response.Content.ReadAsStringAsync(),
                response.Headers.ToDictionary(h => h.Key, h => h.Value.First(), StringComparer.OrdinalIgnoreCase)
            );
        }
    }
}
