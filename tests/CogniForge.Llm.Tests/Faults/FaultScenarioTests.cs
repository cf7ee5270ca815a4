using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Faults;

/// <summary>The 16 provider faults of FailoverBench (2026-09-12), streamed and not streamed.</summary>
public class FaultScenarioTests
{
    public static TheoryData<bool> StreamedOrNot => new(false, true);

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S01_RetryAfter_WaitsOrFallsBack(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        Func<FakeCall, Task> limited = call =>
        {
            call.SetHeader("Retry-After", "2");
            return call.ErrorAsync(429, "rate_limit_error", "rate_limit_exceeded");
        };
        gateway.Primary.InTurn(limited, call => call.RespondAsync("Hello there"));

        var alone = await gateway.SendAsync("alone", stream);
        AssertCompleted(alone, "Hello there", "model-a");
        Assert.True(alone.Took >= TimeSpan.FromSeconds(1.8), $"It retried after {alone.Took}.");

        gateway.Primary.InTurn(limited);
        var both = await gateway.SendAsync("both", stream);
        AssertCompleted(both, "Hello", "model-b");
        Assert.Equal(3, gateway.Primary.Calls.Count);

        // The primary is not called during its cooldown.
        AssertCompleted(await gateway.SendAsync("both", stream), "Hello", "model-b");
        Assert.Equal(3, gateway.Primary.Calls.Count);
    }

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S02_LongRateLimit_FallsBackAfterFewAttempts(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.ErrorAsync(429, "rate_limit_error", "rate_limit_exceeded");

        AssertCompleted(await gateway.SendAsync("both", stream), "Hello", "model-b");
        Assert.InRange(gateway.Primary.Calls.Count, 1, 4);

        var alone = await gateway.SendAsync("alone", stream);
        Assert.Equal(429, alone.Status);
        Assert.Equal("true", alone.Headers["x-should-retry"]);
        Assert.InRange(gateway.Primary.Calls.Count, 2, 5);
    }

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S03_FailsOnce_IsRetried(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.InTurn(call => call.ErrorAsync(500, "server_error"), call => call.RespondAsync("Hello there"));
        AssertCompleted(await gateway.SendAsync("both", stream), "Hello there", "model-a");
        Assert.Empty(gateway.Backup.Calls);
    }

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S04_LongOverload_FallsBackAfterFewAttempts(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.ErrorAsync(503, "server_error", "server_is_overloaded");
        AssertCompleted(await gateway.SendAsync("both", stream), "Hello", "model-b");
        Assert.InRange(gateway.Primary.Calls.Count, 1, 3);

        var alone = await gateway.SendAsync("alone", stream);
        Assert.Equal(503, alone.Status);
    }

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S05_ConnectionReset_FallsBackAfterFewAttempts(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call =>
        {
            call.Reset();
            return Task.CompletedTask;
        };
        AssertCompleted(await gateway.SendAsync("both", stream), "Hello", "model-b");
        Assert.InRange(gateway.Primary.Calls.Count, 1, 3);
        Assert.Equal(502, (await gateway.SendAsync("alone", stream)).Status);
    }

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S06_NeverResponds_IsCalledOnce(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.HangAsync();
        AssertCompleted(await gateway.SendAsync("both", stream), "Hello", "model-b");
        await Assert.Single(gateway.Primary.Calls).Ended;

        Assert.Equal(504, (await gateway.SendAsync("alone", stream)).Status);
        Assert.Equal(2, gateway.Primary.Calls.Count);
    }

    [Fact]
    public async Task S07_LateFirstToken_FallsBackWithinTimeout()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.WriteAsync(": still working\n\n");
            await call.DelayAsync(TimeSpan.FromMinutes(20), gateway.Time);
            await call.ChunkAsync("late");
        };
        var reply = await gateway.SendAsync("both", stream: true);
        AssertCompleted(reply, "Hello", "model-b");

        // Long before the primary's own first token.
        Assert.InRange(reply.Took, TimeSpan.FromSeconds(9), TimeSpan.FromMinutes(10));
    }

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S08_TruncatedResponse_IsError(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            if (call.IsStream)
            {
                await call.BeginAsync();
                await call.ChunkAsync("Half an");
                return; // the connection ends normally
            }

            call.SetHeader("Content-Length", "5000");
            await call.JsonAsync(200, call.Completion("Half an answer"));
            call.Reset();
        };
        var reply = await gateway.SendAsync("both", stream);
        if (stream)
        {
            AssertInterrupted(reply, "Half an");
        }
        else
        {
            AssertCompleted(reply, "Hello", "model-b");
        }
    }

    [Fact]
    public async Task S08_TruncatedBeforeFirstChunk_FallsBack()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.BeginAsync();
        AssertCompleted(await gateway.SendAsync("both", stream: true), "Hello", "model-b");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task S09_Stall_EndsStream(bool afterFirstPart)
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
        var reply = await gateway.SendAsync("both", stream: true);
        if (afterFirstPart)
        {
            AssertInterrupted(reply, "Half an");
            Assert.True(reply.Took >= TimeSpan.FromSeconds(19), $"It took {reply.Took}.");
        }
        else
        {
            AssertCompleted(reply, "Hello", "model-b");
        }

        await gateway.Primary.Calls[0].Ended; // the gateway closed the connection
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task S09_TotalTimeout_IsReported(bool stream)
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
        var reply = await gateway.SendAsync("short", stream);
        Assert.Equal(
            "primary/model-a: the route's total timeout expired",
            reply.Error!.Value.GetProperty("message").GetString()
        );
    }

    [Fact]
    public async Task S09_Comments_KeepSlowResponseAlive()
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
        AssertCompleted(await gateway.SendAsync("alone", stream: true), "Slow but sure", "model-a");
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task S10_Garbage_IsError(bool stream, bool afterFirstPart)
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
        var reply = await gateway.SendAsync("both", stream);
        if (afterFirstPart)
        {
            AssertInterrupted(reply, "Half an");
        }
        else
        {
            AssertCompleted(reply, "Hello", "model-b");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task S11_MissingDone_EndsPromptlyWithUsage(bool hangsUp)
    {
        await using var gateway = await FaultyGateway.StartAsync(
            ("Timeouts:Silence", "01:00:00"),
            ("Timeouts:Total", "01:00:00")
        );
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
        var reply = await gateway.SendAsync("alone", stream: true);
        AssertCompleted(reply, "Hello there", "model-a");
        Assert.True(
            reply.Took < TimeSpan.FromMinutes(30),
            $"It took {reply.Took}: the timeout between chunks expired."
        );
        var entry = Assert.Single(await gateway.LogEntriesAsync(1));
        Assert.Equal((7, 3, false), (entry.InputTokens, entry.OutputTokens, entry.Estimated));
    }

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S12_ContextTooLong_FallsBackWithoutRetry(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call =>
            call.ErrorAsync(
                400,
                "invalid_request_error",
                "context_length_exceeded",
                "This model's maximum context length is 8 tokens."
            );
        AssertCompleted(await gateway.SendAsync("both", stream), "Hello", "model-b");
        Assert.Single(gateway.Primary.Calls);

        var alone = await gateway.SendAsync("alone", stream);
        Assert.Equal(
            (400, "context_length_exceeded"),
            (alone.Status, alone.Error!.Value.GetProperty("code").GetString())
        );
        Assert.Equal("false", alone.Headers["x-should-retry"]);
        Assert.Equal(2, gateway.Primary.Calls.Count);
    }

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S13_ContentFilter_IsReturnedWithoutFallback(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call =>
            call.ErrorAsync(400, "invalid_request_error", "content_filter", "The prompt was refused: violence.");
        var reply = await gateway.SendAsync("both", stream);
        Assert.Equal((400, "content_filter"), (reply.Status, reply.Error!.Value.GetProperty("code").GetString()));
        Assert.Contains("violence", reply.Error.Value.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(gateway.Backup.Calls);
        Assert.Single(gateway.Primary.Calls);
    }

    [Fact]
    public async Task S14_TruncatedAfterFirstChunk_EndsWithError()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.ChunkAsync("Half an");
        };
        gateway.Backup.Behaviour = call =>
            call.ErrorAsync(400, "invalid_request_error", null, "This model does not support prefill.");
        AssertInterrupted(await gateway.SendAsync("both", stream: true), "Half an");
        Assert.Empty(gateway.Backup.Calls); // no other model continues a partial response
    }

    [Fact]
    public async Task S14_TruncatedResponse_ContinuesSequenceNumbers()
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
    public async Task S15_Outage_OpensCircuitThenRecovers(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.ErrorAsync(503, "server_error");
        for (var i = 0; i < 20; i++)
        {
            AssertCompleted(await gateway.SendAsync("both", stream, $", \"user\":\"{i}\""), "Hello", "model-b");
            gateway.Time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.InRange(gateway.Primary.Calls.Count, 5, 12); // not 40: the circuit was open most of the time
        gateway.Primary.Behaviour = call => call.RespondAsync("I am back");
        gateway.Time.Advance(TimeSpan.FromSeconds(61));
        AssertCompleted(await gateway.SendAsync("both", stream, ", \"user\":\"new\""), "I am back", "model-a");
        AssertCompleted(await gateway.SendAsync("both", stream, ", \"user\":\"newer\""), "I am back", "model-a");

        // A moved conversation stays at the target with its warm prompt cache.
        AssertCompleted(await gateway.SendAsync("both", stream, ", \"user\":\"19\""), "Hello", "model-b");
    }

    [Fact]
    public async Task S15_CircuitOpensBetweenRetries_ReturnsCausingError()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.ErrorAsync(500, "server_error", message: "The disk is full.");
        await gateway.SendAsync("alone", false);

        var opening = await gateway.SendAsync("alone", false);
        Assert.Equal(5, gateway.Primary.Calls.Count);
        Assert.Equal(
            (502, "primary/model-a: The disk is full."),
            (opening.Status, opening.Error!.Value.GetProperty("message").GetString())
        );

        var after = await gateway.SendAsync("alone", false);
        Assert.Equal(
            (503, "circuit_open", 5),
            (after.Status, after.Error!.Value.GetProperty("code").GetString(), gateway.Primary.Calls.Count)
        );
    }

    [Fact]
    public async Task S15_NextCircuitOpen_ReturnsFirstError()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = gateway.Backup.Behaviour = call =>
            call.ErrorAsync(500, "server_error", message: "The disk is full.");
        for (var i = 0; i < 2; i++)
        {
            await gateway.SendAsync("backup/model-b", false);
        }

        var reply = await gateway.SendAsync("both", false);
        Assert.Equal(
            (502, "primary/model-a: The disk is full."),
            (reply.Status, reply.Error!.Value.GetProperty("message").GetString())
        );
        Assert.Equal("primary/model-a", reply.Headers["x-cogniforge-target"]);
    }

    [Fact]
    public async Task S15_OpenCircuit_IsNotAnAttempt()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.ErrorAsync(500, "server_error");
        for (var i = 0; i < 3; i++)
        {
            await gateway.SendAsync("alone", false);
        }

        var entries = await gateway.LogEntriesAsync(3);
        Assert.Equal(gateway.Primary.Calls.Count, entries.Sum(e => e.Attempts));
        Assert.Equal(0, entries[2].Attempts);
    }

    [Theory, MemberData(nameof(StreamedOrNot))]
    public async Task S16_Fallback_IsAccountedToFinalTarget(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.ErrorAsync(500, "server_error");
        AssertCompleted(await gateway.SendAsync("both", stream), "Hello", "model-b");
        var entry = Assert.Single(await gateway.LogEntriesAsync(1));
        Assert.Equal(
            ("backup", "model-b", "both", 7, 3),
            (entry.Provider, entry.Model, entry.Route, entry.InputTokens, entry.OutputTokens)
        );
        Assert.Equal(200, entry.Status);
        Assert.True(entry.Attempts >= 2);
    }

    private static void AssertCompleted(Reply reply, string text, string model)
    {
        Assert.Null(reply.Error);
        Assert.Equal(
            ((int)HttpStatusCode.OK, text, "stop", model, true),
            (reply.Status, reply.Text, reply.Finish, reply.Model, reply.IsDone)
        );
    }

    /// <summary>The stream keeps the text so far and ends with an error instead of a finish reason.</summary>
    private static void AssertInterrupted(Reply reply, string text)
    {
        Assert.Equal(
            ((int)HttpStatusCode.OK, text, null, false),
            (reply.Status, reply.Text, reply.Finish, reply.IsDone)
        );
        Assert.NotNull(reply.Error);
    }
}
