using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Pricing;

/// <summary>
/// An attempt that the provider charges for is in the bill, even if its response cannot be used:
/// NousResearch/hermes-agent#74313, sjnims/cc-plugin-eval#330, octos-org/octos#1533, semantic-conventions-genai#476.
/// </summary>
public class FailedAttemptCostTests
{
    // The backup's 7 and 3 tokens at 100 USD per million.
    private const decimal Backup = 0.001m;

    [Theory]
    // Usage beside an error, as OpenRouter sends it.
    [InlineData(
        "both",
        """
        {"id":"c","model":"model-a","choices":[{"index":0,"message":{"role":"assistant","content":""},
         "finish_reason":"error"}],"usage":{"prompt_tokens":1000,"completion_tokens":500}}
        """,
        "0.002"
    )]
    [InlineData(
        "both",
        """{"error":{"message":"Overloaded","code":502},"usage":{"prompt_tokens":1000,"completion_tokens":500}}""",
        "0.002"
    )]
    // A response without choices.
    [InlineData("both", """{"id":"c","usage":{"prompt_tokens":1000,"completion_tokens":500}}""", "0.002")]
    // The message cannot be translated.
    [InlineData(
        "mixed",
        """
        {"id":"m","type":"message","role":"assistant","model":"claude-a","content":["x"],"stop_reason":"end_turn",
         "usage":{"input_tokens":1000,"output_tokens":500}}
        """,
        "0.002"
    )]
    // Cut in the middle: estimated from what was sent (2 characters) and received (103 bytes).
    [InlineData(
        "both",
        """
        {"id":"c","model":"model-a","choices":[{"index":0,"message":{"role":"assistant","content":"I am cut in
        """,
        null
    )]
    // Errors and pages of a proxy cost nothing.
    [InlineData("both", """{"error":{"message":"Overloaded","code":502}}""", "0")]
    [InlineData("both", "<html>Bad gateway</html>", "0")]
    public async Task Chat_FallbackAfterPaidResponse_CountsBoth(string model, string body, string? cost)
    {
        await using var gateway = await StartAsync();
        gateway.Primary.Behaviour = call => call.JsonAsync(200, body);

        Assert.Equal(200, (await gateway.SendAsync(model, stream: false)).Status);

        await AssertCostAsync(gateway, cost);
    }

    [Fact]
    public async Task Chat_StreamFailsBeforeOutput_CountsItsInput()
    {
        await using var gateway = await StartAsync();
        gateway.Primary.Behaviour = call =>
            call.EventsAsync(
                """
                {"type":"message_start","message":{"id":"m","model":"claude-a","content":[],
                 "usage":{"input_tokens":1980,"output_tokens":10}}}
                """,
                """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"""
            );

        Assert.Equal(200, (await gateway.SendAsync("mixed", stream: true)).Status);

        await AssertCostAsync(gateway, "0.002");
    }

    /// <summary>The server ignores that a stream is requested, and fails.</summary>
    [Fact]
    public async Task Chat_WholeErrorForStream_CountsItsUsage()
    {
        await using var gateway = await StartAsync();
        gateway.Primary.Behaviour = call =>
            call.JsonAsync(
                200,
                """
                {"error":{"message":"Overloaded","code":502},
                 "usage":{"prompt_tokens":1000,"completion_tokens":500}}
                """
            );

        Assert.Equal(200, (await gateway.SendAsync("both", stream: true)).Status);

        await AssertCostAsync(gateway, "0.002");
    }

    [Fact]
    public async Task Chat_AllTargetsFail_CountsEach()
    {
        await using var gateway = await StartAsync();
        const string Paid = """{"id":"c","usage":{"prompt_tokens":1000,"completion_tokens":500}}""";
        gateway.Primary.Behaviour = call => call.JsonAsync(200, Paid);
        gateway.Backup.Behaviour = call => call.JsonAsync(200, Paid);

        Assert.NotEqual(200, (await gateway.SendAsync("both", stream: false)).Status);

        var entry = Assert.Single(await gateway.LogEntriesAsync(1));
        var calls = (gateway.Primary.Calls.Count, gateway.Backup.Calls.Count);
        Assert.Equal((calls.Item1 * 0.002m) + (calls.Item2 * 0.15m), entry.Cost);
    }

    [Fact]
    public async Task Chat_ClientLeavesAfterPaidFailure_CountsBoth()
    {
        await using var gateway = await StartAsync();
        gateway.Primary.Behaviour = call =>
            call.JsonAsync(200, """{"id":"c","usage":{"prompt_tokens":1000,"completion_tokens":500}}""");
        using var disconnect = new CancellationTokenSource();
        gateway.Backup.Behaviour = async call =>
        {
            await disconnect.CancelAsync();
            await call.HangAsync();
        };

        using var body = Requests.Json("""{"model":"both","messages":[{"role":"user","content":"Hi"}]}""");
        await gateway.RunAsync(
            Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                gateway.Client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), body, disconnect.Token)
            )
        );

        var entry = Assert.Single(await gateway.LogEntriesAsync(1));
        Assert.Equal(499, entry.Status);
        Assert.True(entry.Cost > gateway.Primary.Calls.Count * 0.002m, $"{entry.Cost}"); // and the backup's input
    }

    /// <summary>The second target does not support the request, the circuit of the third is open.</summary>
    [Fact]
    public async Task Chat_NoTargetLeftAfterPaidFailure_CountsItOnce()
    {
        await using var gateway = await StartAsync(
            ("Routes:three:Targets:0:Provider", "primary"),
            ("Routes:three:Targets:0:Model", "model-a"),
            ("Routes:three:Targets:1:Provider", "claude"),
            ("Routes:three:Targets:1:Model", "claude-a"),
            ("Routes:three:Targets:2:Provider", "backup"),
            ("Routes:three:Targets:2:Model", "model-b")
        );
        gateway.Backup.Behaviour = call => call.ErrorAsync(500, "server_error");
        for (var i = 0; i < 2; i++)
        {
            Assert.NotEqual(200, (await gateway.SendAsync("backup/model-b", stream: false)).Status);
        }

        var calls = gateway.Backup.Calls.Count;
        gateway.Primary.Behaviour = call =>
            call.JsonAsync(
                200,
                """
                {"error":{"message":"Overloaded","code":502},
                 "usage":{"prompt_tokens":1000,"completion_tokens":500}}
                """
            );

        Assert.NotEqual(200, (await gateway.SendAsync("three", stream: false, ",\"n\":2")).Status);

        var entry = Assert.Single(await gateway.LogEntriesAsync(3), e => e.Route == "three");
        Assert.Equal(calls, gateway.Backup.Calls.Count);
        Assert.Equal(gateway.Primary.Calls.Count * 0.002m, entry.Cost);
    }

    /// <summary>A whole response that is cut in the middle counts too.</summary>
    [Theory]
    [InlineData(
        "both",
        """
        {"id":"c","model":"model-a","choices":[{"index":0,"delta":{"role":"assistant","content":"I am cut in the middle
        """
    )]
    [InlineData(
        "both",
        """
        {"id":"c","model":"model-a","choices":[{"index":0,"delta":"this is no object, but a text of the same length"}]}
        """
    )]
    [InlineData(
        "mixed",
        """
        {"type":"message_start","message":{"id":"m","type":"message","model":"claude-a","content":[{"type":"text","te
        """
    )]
    public async Task Chat_StreamIsNotValid_CountsItsText(string model, string data)
    {
        await using var gateway = await StartAsync();
        gateway.Primary.Behaviour = call => call.DataAsync(data);

        Assert.Equal(200, (await gateway.SendAsync(model, stream: true)).Status);

        await AssertCostAsync(gateway, null);
    }

    private static async Task<FaultyGateway> StartAsync(params (string Name, string? Value)[] settings)
    {
        var gateway = await FaultyGateway.StartAsync(settings);
        foreach (
            var (model, price) in new[]
            {
                ("model-a", """{"input":1,"output":2}"""),
                ("claude-a", """{"input":1,"output":2}"""),
                ("model-b", """{"input":100,"output":100}"""),
            }
        )
        {
            await (await gateway.Client.PutAsync($"/api/v1/llm/prices/2020-01-01/{model}", price)).ReadAsync(201);
        }

        return gateway;
    }

    /// <param name="gateway">The gateway.</param>
    /// <param name="each">The cost of each call of the primary; null: an estimate above 0.</param>
    private static async Task AssertCostAsync(FaultyGateway gateway, string? each)
    {
        var entry = Assert.Single(await gateway.LogEntriesAsync(1));
        Assert.Equal((200, "backup"), (entry.Status, entry.Provider));
        var calls = gateway.Primary.Calls.Count;
        Assert.True(calls > 0);
        Assert.Equal(each is null, entry.Estimated);
        if (each is null)
        {
            Assert.InRange(entry.Cost!.Value - Backup, calls * 0.00004m, calls * 0.0001m);
            return;
        }

        var cost = decimal.Parse(each, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(Backup + (calls * cost), entry.Cost);
    }
}
