using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Faults;

/// <summary>What one client sends or leaves undone opens no circuit for the others.</summary>
public class CircuitTests
{
    private const string Hello = """{"model":"alone","messages":[{"role":"user","content":"Hi"}]}""";

    [Fact]
    public async Task Header_NotAscii_ReachesProvider()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            using var client = await RawClient.SendAsync(gateway.Address, Hello, "X-Title: Café ☕\r\n");
            var response = client.ReadToEndAsync();
            await gateway.RunAsync(response);
            Assert.StartsWith("HTTP/1.1 200", await response, StringComparison.Ordinal);
        }

        Assert.All(gateway.Primary.Calls, call => Assert.Equal("Café ☕", call.Headers["X-Title"].ToString()));
        Assert.Equal(200, (await gateway.SendAsync("alone", false)).Status);
    }

    [Fact]
    public async Task Header_TooLong_IsRejectedByName()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Client.DefaultRequestHeaders.Add("X-Title", new string('x', 4_001));
        var reply = await gateway.SendAsync("alone", false);
        Assert.Equal(
            (400, "x-title must be at most 4000 characters"),
            (reply.Status, reply.Error!.Value.GetProperty("message").GetString())
        );
        Assert.Empty(gateway.Primary.Calls);
    }

    /// <summary>A hard question takes longer than the timeout, whichever target gets it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Timeouts_OneKey_KeepCircuitClosed(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.HangAsync();
        var body = Hello[..^1] + $",\"stream\":{(stream ? "true" : "false")}}}";
        var replies = Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Reply.ReadAsync(gateway.Client, body)));
        await gateway.RunAsync(replies);
        Assert.All(await replies, reply => Assert.Equal(504, reply.Status));

        gateway.Primary.Behaviour = call => call.RespondAsync("Hello there");
        Assert.Equal(200, (await gateway.SendAsync("alone", stream)).Status);
    }

    [Fact]
    public async Task Timeouts_ManyKeys_OpenCircuit()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.HangAsync();
        for (var i = 0; i < 5; i++)
        {
            using var client = await gateway.NewClientAsync();
            Assert.Equal(504, (await gateway.SendAsync("alone", true, client: client)).Status);
        }

        Assert.Equal("circuit_open", (await gateway.SendAsync("alone", true)).Code);
    }

    [Fact]
    public async Task Timeouts_ShortOnOneRoute_KeepCircuitClosed()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        using var route = await gateway.Client.PutAsync(
            new Uri("/api/v1/llm/routes/hasty", UriKind.Relative),
            Requests.Json("""{"targets":[{"provider":"primary","model":"model-a"}],"timeouts":{"firstTokenMs":100}}""")
        );
        await route.ReadAsync(201);
        gateway.Primary.Behaviour = call => call.HangAsync();
        for (var i = 0; i < 6; i++)
        {
            using var client = await gateway.NewClientAsync();
            Assert.Equal(504, (await gateway.SendAsync("hasty", true, client: client)).Status);
        }

        gateway.Primary.Behaviour = call => call.RespondAsync("Hello there");
        Assert.Equal(200, (await gateway.SendAsync("alone", true)).Status);
    }

    /// <summary>A provider may refuse one request: a moderated prompt, or more tokens than its credit covers.</summary>
    [Theory]
    [InlineData(403)]
    [InlineData(402)]
    public async Task Refusals_OfOneRequest_KeepCircuitClosed(int status)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.ErrorAsync(status, "forbidden");
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(502, (await gateway.SendAsync("alone", false)).Status);
        }

        gateway.Primary.Behaviour = call => call.RespondAsync("Hello there");
        Assert.Equal(200, (await gateway.SendAsync("alone", false)).Status);
    }

    [Fact]
    public async Task Response_AboveGatewayLimit_KeepsCircuitClosed()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            call.SetHeader("Content-Length", "67108865"); // one byte more than 64 MiB
            await call.WriteAsync("{");
            await call.HangAsync();
        };
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(502, (await gateway.SendAsync("alone", false)).Status);
        }

        gateway.Primary.Behaviour = call => call.RespondAsync("Hello there");
        Assert.Equal(200, (await gateway.SendAsync("alone", true)).Status);
    }

    [Theory]
    [InlineData(503, 503)]
    [InlineData(429, 429)]
    public async Task Mock_FailuresOfRequest_HarmNoOthers(int failure, int status)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        using var route = await gateway.Client.PutAsync(
            new Uri("/api/v1/llm/routes/mocked", UriKind.Relative),
            Requests.Json(
                """{"targets":[{"provider":"mock","model":"mock"},{"provider":"backup","model":"model-b"}]}"""
            )
        );
        await route.ReadAsync(201);
        for (var i = 0; i < 6; i++)
        {
            var failed = await gateway.SendAsync("mock", false, $$""", "mock":{"failures":[{{failure}}]}""");
            Assert.Equal(status, failed.Status);
        }

        Assert.Equal("mock/mock", (await gateway.SendAsync("mocked", false)).Headers["x-cogniforge-target"]);
    }

    [Fact]
    public async Task Mock_ConfiguredFailures_OpenCircuit()
    {
        using var gateway = GatewayHost.Start(("Mock:Failures:0", "500"));
        const string Chat = """{"model":"mock","messages":[{"role":"user","content":"Hi"}]}""";
        for (var i = 0; i < 2; i++)
        {
            using var failed = await gateway.Client.PostAsync("/v1/chat/completions", Chat);
            await failed.ReadAsync(502);
        }

        using var open = await gateway.Client.PostAsync("/v1/chat/completions", Chat);
        Assert.Equal("circuit_open", (await OpenAiError.ReadAsync(open, 503)).Code);
    }
}
