using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Faults;

/// <summary>The sixteen faults of FailoverBench (2026-09-12), streamed and not: what a gateway does when its provider does not do what it should.</summary>
public class FaultScenarioTests
{
    public static TheoryData<bool> StreamedOrNot => new(false, true);

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S01_RateLimitedWithRetryAfter_WaitsOrFallsBack(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        Func<FakeCall, Task> limited = call =>
        {
            call.SetHeader("Retry-After", "2");
            return call.ErrorAsync(429, "rate_limit_error", "rate_limit_exceeded");
        };
        gateway.Primary.InTurn(limited, call => call.AnswerAsync("Hello there"));

        var alone = await gateway.AskAsync("alone", stream);
        AssertAnswered(alone, "Hello there", "model-a");
        Assert.True(alone.Took >= TimeSpan.FromSeconds(1.8), $"It asked again after {alone.Took}.");

        gateway.Primary.InTurn(limited);
        var both = await gateway.AskAsync("both", stream);
        AssertAnswered(both, "Hello", "model-b");
        Assert.Equal(3, gateway.Primary.Calls.Count);

        // The primary is left alone for as long as it asked for.
        AssertAnswered(await gateway.AskAsync("both", stream), "Hello", "model-b");
        Assert.Equal(3, gateway.Primary.Calls.Count);
    }

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S02_RateLimitedForLong_AsksAFewTimesAndFallsBack(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.ErrorAsync(429, "rate_limit_error", "rate_limit_exceeded");

        AssertAnswered(await gateway.AskAsync("both", stream), "Hello", "model-b");
        Assert.InRange(gateway.Primary.Calls.Count, 1, 4);

        var alone = await gateway.AskAsync("alone", stream);
        Assert.Equal(429, alone.Status);
        Assert.Equal("true", alone.Headers["x-should-retry"]);
        Assert.InRange(gateway.Primary.Calls.Count, 2, 5);
    }

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S03_FailsOnce_IsAskedAgain(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.InTurn(call => call.ErrorAsync(500, "server_error"), call => call.AnswerAsync("Hello there"));
        AssertAnswered(await gateway.AskAsync("both", stream), "Hello there", "model-a");
        Assert.Empty(gateway.Backup.Calls);
    }

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S04_IsOverloadedForLong_FallsBackAfterBoundedAttempts(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.ErrorAsync(503, "server_error", "server_is_overloaded");
        AssertAnswered(await gateway.AskAsync("both", stream), "Hello", "model-b");
        Assert.InRange(gateway.Primary.Calls.Count, 1, 3);

        var alone = await gateway.AskAsync("alone", stream);
        Assert.Equal(503, alone.Status);
    }

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S05_ConnectionIsReset_FallsBackAfterBoundedAttempts(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call =>
        {
            call.Reset();
            return Task.CompletedTask;
        };
        AssertAnswered(await gateway.AskAsync("both", stream), "Hello", "model-b");
        Assert.InRange(gateway.Primary.Calls.Count, 1, 3);
        Assert.Equal(502, (await gateway.AskAsync("alone", stream)).Status);
    }

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S06_NeverAnswers_IsAskedOnceOnly(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.HangAsync();
        AssertAnswered(await gateway.AskAsync("both", stream), "Hello", "model-b");
        await Assert.Single(gateway.Primary.Calls).Ended;

        Assert.Equal(504, (await gateway.AskAsync("alone", stream)).Status);
        Assert.Equal(2, gateway.Primary.Calls.Count);
    }

    [Fact]
    public async Task S07_FirstTokenComesTooLate_FallsBackWithinTheLimit()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.WriteAsync(": still working\n\n");
            await call.DelayAsync(TimeSpan.FromSeconds(20), gateway.Time);
            await call.ChunkAsync("late");
        };
        var reply = await gateway.AskAsync("both", stream: true);
        AssertAnswered(reply, "Hello", "model-b");
        Assert.InRange(reply.Took, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(20)); // before the primary's own first token
    }

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S08_IsCutInItsMiddle_IsNoAnswer(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            if (call.IsStream)
            {
                await call.BeginAsync();
                await call.ChunkAsync("Half an");
                return; // the connection ends as if all were well
            }

            call.SetHeader("Content-Length", "5000");
            await call.JsonAsync(200, call.Completion("Half an answer"));
            call.Reset();
        };
        var reply = await gateway.AskAsync("both", stream);
        if (stream)
        {
            AssertBroken(reply, "Half an");
        }
        else
        {
            AssertAnswered(reply, "Hello", "model-b");
        }
    }

    [Fact]
    public async Task S08_IsCutBeforeItsFirstPart_IsAnsweredByTheNext()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.BeginAsync();
        AssertAnswered(await gateway.AskAsync("both", stream: true), "Hello", "model-b");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task S09_Stalls_IsBroken(bool afterFirstPart)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            if (afterFirstPart)
            {
                await call.ChunkAsync("Half an");
            }

            await call.HangAsync();
        };
        var reply = await gateway.AskAsync("both", stream: true);
        if (afterFirstPart)
        {
            AssertBroken(reply, "Half an");
            Assert.True(reply.Took >= TimeSpan.FromSeconds(19), $"It took {reply.Took}.");
        }
        else
        {
            AssertAnswered(reply, "Hello", "model-b");
        }

        await gateway.Primary.Calls[0].Ended; // the gateway hung up
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task S09_TotalTimeIsOver_SaysSo(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        using var limited = await gateway.Client.PutAsync(
            new Uri("/api/v1/llm/routes/short", UriKind.Relative),
            Requests.Json("""{"targets":[{"provider":"primary","model":"model-a"}],"timeouts":{"totalMs":9000}}""")
        );
        limited.EnsureSuccessStatusCode();
        gateway.Primary.Behaviour = async call =>
        {
            if (!call.IsStream)
            {
                await call.HangAsync();
            }

            await call.BeginAsync();
            while (true)
            {
                await call.ChunkAsync("more ");
                await call.DelayAsync(TimeSpan.FromSeconds(1), gateway.Time);
            }
        };
        var reply = await gateway.AskAsync("short", stream);
        Assert.Equal(
            "primary/model-a: the route's total time is over",
            reply.Error!.Value.GetProperty("message").GetString()
        );
    }

    [Fact]
    public async Task S09_CommentsKeepASlowAnswerAlive()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.ChunkAsync("Slow");
            for (var i = 0; i < 3; i++)
            {
                await call.DelayAsync(TimeSpan.FromSeconds(15), gateway.Time);
                await call.WriteAsync(": OPENROUTER PROCESSING\n\n");
            }

            await call.ChunkAsync(" but sure");
            await call.FinishAsync();
            await call.DoneAsync();
        };
        AssertAnswered(await gateway.AskAsync("alone", stream: true), "Slow but sure", "model-a");
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task S10_Garbage_IsNeverPassedOffAsAnAnswer(bool stream, bool afterFirstPart)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            if (!call.IsStream)
            {
                await call.JsonAsync(200, """{"id":"chatcmpl-""");
                return;
            }

            await call.BeginAsync();
            if (afterFirstPart)
            {
                await call.ChunkAsync("Half an");
            }

            await call.DataAsync("{\"id\":\"chatcmpl-fa");
            await call.ChunkAsync(" answer");
            await call.FinishAsync();
            await call.DoneAsync();
        };
        var reply = await gateway.AskAsync("both", stream);
        if (afterFirstPart)
        {
            AssertBroken(reply, "Half an");
        }
        else
        {
            AssertAnswered(reply, "Hello", "model-b");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task S11_NoDone_EndsPromptlyWithItsUsage(bool hangsUp)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.ChunkAsync("Hello there");
            await call.FinishAsync();
            await call.UsageAsync();
            if (!hangsUp)
            {
                await call.HangAsync();
            }
        };
        var reply = await gateway.AskAsync("alone", stream: true);
        AssertAnswered(reply, "Hello there", "model-a");
        Assert.True(
            reply.Took < TimeSpan.FromSeconds(19),
            $"It took {reply.Took}, as if the provider had fallen silent."
        );
        var entry = Assert.Single(await gateway.RecordsAsync(1));
        Assert.Equal((7, 3, false), (entry.InputTokens, entry.OutputTokens, entry.Estimated));
    }

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S12_ContextTooLong_IsNotAskedAgainButALargerModelIs(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call =>
            call.ErrorAsync(
                400,
                "invalid_request_error",
                "context_length_exceeded",
                "This model's maximum context length is 8 tokens."
            );
        AssertAnswered(await gateway.AskAsync("both", stream), "Hello", "model-b");
        Assert.Single(gateway.Primary.Calls);

        var alone = await gateway.AskAsync("alone", stream);
        Assert.Equal(
            (400, "context_length_exceeded"),
            (alone.Status, alone.Error!.Value.GetProperty("code").GetString())
        );
        Assert.Equal("false", alone.Headers["x-should-retry"]);
        Assert.Equal(2, gateway.Primary.Calls.Count);
    }

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S13_ContentIsRefused_IsToldAndNotRoutedAround(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call =>
            call.ErrorAsync(400, "invalid_request_error", "content_filter", "The prompt was refused: violence.");
        var reply = await gateway.AskAsync("both", stream);
        Assert.Equal((400, "content_filter"), (reply.Status, reply.Error!.Value.GetProperty("code").GetString()));
        Assert.Contains("violence", reply.Error.Value.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(gateway.Backup.Calls);
        Assert.Single(gateway.Primary.Calls);
    }

    [Fact]
    public async Task S14_CutAfterItsFirstPart_IsNotContinuedByAnother()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.ChunkAsync("Half an");
        };
        gateway.Backup.Behaviour = call =>
            call.ErrorAsync(400, "invalid_request_error", null, "This model does not take a beginning of its answer.");
        AssertBroken(await gateway.AskAsync("both", stream: true), "Half an");
        Assert.Empty(gateway.Backup.Calls); // nobody is given half of another model's answer to go on with
    }

    [Fact]
    public async Task S14_CutResponse_GoesOnCountingItsEvents()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.ChunkAsync("Half an");
            await call.ChunkAsync(" answer");
        };
        using var response = await gateway.Client.PostAsync(
            "/v1/responses",
            """{"model":"alone","input":"Hi","stream":true}"""
        );
        var events = new List<(string Type, int Number)>();
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            using var data = JsonDocument.Parse(item.Data);
            events.Add((item.EventType, data.RootElement.GetProperty("sequence_number").GetInt32()));
        }

        Assert.Equal("error", events[^1].Type);
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e.Number));
    }

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S15_Outage_OpensTheCircuitAndReturnsAfterIt(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.ErrorAsync(503, "server_error");
        for (var i = 0; i < 20; i++)
        {
            AssertAnswered(await gateway.AskAsync("both", stream, $", \"user\":\"{i}\""), "Hello", "model-b");
            gateway.Time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.InRange(gateway.Primary.Calls.Count, 5, 12); // and not 40: the circuit was open for most of them
        gateway.Primary.Behaviour = call => call.AnswerAsync("I am back");
        gateway.Time.Advance(TimeSpan.FromSeconds(61));
        AssertAnswered(await gateway.AskAsync("both", stream, ", \"user\":\"new\""), "I am back", "model-a");
        AssertAnswered(await gateway.AskAsync("both", stream, ", \"user\":\"newer\""), "I am back", "model-a");

        // A conversation that was moved stays where its prompt cache is warm by now.
        AssertAnswered(await gateway.AskAsync("both", stream, ", \"user\":\"19\""), "Hello", "model-b");
    }

    [Fact]
    public async Task S15_CircuitOpensBetweenRetries_TellsTheFailureThatOpenedIt()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.ErrorAsync(500, "server_error", message: "The disk is full.");
        await gateway.AskAsync("alone", false);

        var opening = await gateway.AskAsync("alone", false);
        Assert.Equal(5, gateway.Primary.Calls.Count);
        Assert.Equal(
            (502, "primary/model-a: The disk is full."),
            (opening.Status, opening.Error!.Value.GetProperty("message").GetString())
        );

        var after = await gateway.AskAsync("alone", false);
        Assert.Equal(
            (503, "circuit_open", 5),
            (after.Status, after.Error!.Value.GetProperty("code").GetString(), gateway.Primary.Calls.Count)
        );
    }

    [Fact]
    public async Task S15_CircuitOfTheNextIsOpen_TellsTheFailureOfTheFirst()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = gateway.Backup.Behaviour = call =>
            call.ErrorAsync(500, "server_error", message: "The disk is full.");
        for (var i = 0; i < 2; i++)
        {
            await gateway.AskAsync("backup/model-b", false);
        }

        var reply = await gateway.AskAsync("both", false);
        Assert.Equal(
            (502, "primary/model-a: The disk is full."),
            (reply.Status, reply.Error!.Value.GetProperty("message").GetString())
        );
        Assert.Equal("primary/model-a", reply.Headers["x-cogniforge-target"]);
    }

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S16_FallBack_IsAccountedToWhoAnswered(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.ErrorAsync(500, "server_error");
        AssertAnswered(await gateway.AskAsync("both", stream), "Hello", "model-b");
        var entry = Assert.Single(await gateway.RecordsAsync(1));
        Assert.Equal(
            ("backup", "model-b", "both", 7, 3),
            (entry.Provider, entry.Model, entry.Route, entry.InputTokens, entry.OutputTokens)
        );
        Assert.Equal(200, entry.Status);
        Assert.True(entry.Attempts >= 2);
    }

    private static void AssertAnswered(Reply reply, string text, string model)
    {
        Assert.Null(reply.Error);
        Assert.Equal(
            ((int)HttpStatusCode.OK, text, "stop", model, true),
            (reply.Status, reply.Text, reply.Finish, reply.Model, reply.IsDone)
        );
    }

    /// <summary>What had gone out stays, the error is told in the stream, and nothing looks like a good end.</summary>
    private static void AssertBroken(Reply reply, string text)
    {
        Assert.Equal(
            ((int)HttpStatusCode.OK, text, null, false),
            (reply.Status, reply.Text, reply.Finish, reply.IsDone)
        );
        Assert.NotNull(reply.Error);
    }
}
