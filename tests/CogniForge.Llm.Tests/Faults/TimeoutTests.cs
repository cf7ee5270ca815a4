using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Faults;

/// <summary>A reasoning model is not cut off: whatever its provider sends ends the silence.</summary>
public class TimeoutTests
{
    private static readonly (string, string?)[] _defaults =
    [
        ("Timeouts:FirstToken", null),
        ("Timeouts:Silence", null),
        ("Timeouts:Answer", null),
        ("Timeouts:Total", null),
    ];

    /// <summary>
    /// OpenRouter comments, vLLM's role chunk first, blank data of relays (netease-lcap/wave-agent#1326), comments that
    /// a relay made data (mnfst/llm-gateway#2053), a single line end (theopenco/llmgateway#2334).
    /// </summary>
    [Theory]
    [InlineData(": OPENROUTER PROCESSING\n\n")]
    [InlineData(": ping\n")]
    [InlineData("data: \n\n")]
    [InlineData("data: : OPENROUTER PROCESSING\n\n")]
    [InlineData("\n")]
    [InlineData("data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":null}]}\n\n")]
    public async Task FirstToken_ProviderShowsLife_IsAwaited(string sign)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            for (var i = 0; i < 4; i++)
            {
                await call.WriteAsync(sign);
                await call.DelayAsync(TimeSpan.FromSeconds(6), gateway.Time);
            }

            await call.ChunkAsync("ok");
            await call.FinishAsync();
            await call.DoneAsync();
        };
        var reply = await gateway.SendAsync("both", stream: true);
        Assert.Equal((200, "ok", "model-a", true), (reply.Status, reply.Text, reply.Model, reply.IsDone));
    }

    /// <summary>Reasoning takes 60 to 120 s before the first token (BlockRunAI/Franklin#74).</summary>
    [Fact]
    public async Task FirstToken_AfterHundredSeconds_ArrivesByDefault()
    {
        await using var gateway = await FaultyGateway.StartAsync(_defaults);
        gateway.Primary.Behaviour = async call =>
        {
            await call.DelayAsync(TimeSpan.FromSeconds(100), gateway.Time);
            await call.RespondAsync("ok");
        };
        var reply = await gateway.SendAsync("alone", stream: true);
        Assert.Equal((200, "ok"), (reply.Status, reply.Text));
    }

    [Fact]
    public async Task Response_AfterSixtyTwoSeconds_ArrivesByDefault()
    {
        await using var gateway = await FaultyGateway.StartAsync(_defaults);
        gateway.Primary.Behaviour = async call =>
        {
            await call.DelayAsync(TimeSpan.FromSeconds(62), gateway.Time);
            await call.RespondAsync("ok");
        };
        var reply = await gateway.SendAsync("alone", stream: false);
        Assert.Equal((200, "ok"), (reply.Status, reply.Text));
    }

    /// <summary>Models requested without a route have the provider's timeouts.</summary>
    [Fact]
    public async Task Provider_OwnTimeout_AppliesWithoutRoute()
    {
        await using var gateway = await FaultyGateway.StartAsync(("Providers:backup:Timeouts:FirstToken", "00:00:30"));
        gateway.Primary.Behaviour = gateway.Backup.Behaviour = async call =>
        {
            await call.DelayAsync(TimeSpan.FromSeconds(20), gateway.Time);
            await call.RespondAsync("ok");
        };
        Assert.Equal(504, (await gateway.SendAsync("primary/model-a", stream: true)).Status);
        Assert.Equal("ok", (await gateway.SendAsync("backup/model-b", stream: true)).Text);
    }

    [Fact]
    public async Task Put_ProviderTimeouts_AreListed()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        using var refused = await gateway.Client.PutAsync(
            "/api/v1/llm/providers/slow",
            """{"kind":"openAICompatible","baseUrl":"http://localhost:1/v1","timeouts":{"connectMs":0}}"""
        );
        Assert.Contains("timeouts.connectMs", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var created = await gateway.Client.PutAsync(
            "/api/v1/llm/providers/slow",
            """
            {"kind":"openAICompatible","baseUrl":"http://localhost:1/v1",
             "timeouts":{"connectMs":2000,"firstTokenMs":300000,"keepAliveMs":0}}
            """
        );
        Assert.Equal(
            """
            {"firstTokenMs":300000,"silenceMs":null,"answerMs":null,"totalMs":null,"connectMs":2000,"keepAliveMs":0}
            """,
            (await created.ReadAsync(201)).GetProperty("timeouts").GetRawText()
        );
    }

    /// <summary>Some providers send the usage seconds after the finish reason.</summary>
    [Fact]
    public async Task Usage_EightSecondsAfterFinish_IsCounted()
    {
        await using var gateway = await FaultyGateway.StartAsync(
            ("Timeouts:Silence", "01:00:00"),
            ("Timeouts:Total", "01:00:00")
        );
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.ChunkAsync("ok");
            await call.FinishAsync();
            await call.DelayAsync(TimeSpan.FromSeconds(8), gateway.Time);
            await call.UsageAsync();
            await call.HangAsync();
        };
        var reply = await gateway.SendAsync("alone", stream: true);
        Assert.Equal(("ok", true), (reply.Text, reply.IsDone));
        Assert.True(reply.Took < TimeSpan.FromMinutes(30), $"It took {reply.Took}.");
        var entry = Assert.Single(await gateway.LogEntriesAsync(1));
        Assert.Equal((7, 3, false), (entry.InputTokens, entry.OutputTokens, entry.Estimated));
    }

    /// <summary>Heartbeats after the end do not keep the client from its end.</summary>
    [Fact]
    public async Task Heartbeats_AfterFinish_EndStreamInTime()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.ChunkAsync("ok");
            await call.FinishAsync();
            while (true)
            {
                await call.DelayAsync(TimeSpan.FromSeconds(1), gateway.Time);
                await call.ChunkAsync("");
            }
        };
        var reply = await gateway.SendAsync("alone", stream: true);
        Assert.Equal(("ok", true), (reply.Text, reply.IsDone));
        Assert.InRange(reply.Took, TimeSpan.FromSeconds(9), TimeSpan.FromMinutes(9)); // the whole may take 10 min
    }

    [Fact]
    public async Task Choices_OneAfterTheOther_AreAwaited()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.ChunkAsync("one");
            await call.FinishAsync();
            await call.DataAsync(Second("two", "null"));
            await call.DelayAsync(TimeSpan.FromSeconds(15), gateway.Time);
            await call.DataAsync(Second("", "\"stop\""));
            await call.DoneAsync();
        };
        var reply = await gateway.SendAsync("alone", stream: true, ", \"n\":2");
        Assert.Equal(("onetwo", true), (reply.Text, reply.IsDone));

        static string Second(string text, string finish) =>
            $$"""
            {"id":"1","model":"m","choices":[{"index":1,"delta":{"content":"{{text}}"},"finish_reason":{{finish}}}]}
            """;
    }
}
