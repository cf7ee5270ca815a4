using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Caching;

/// <summary>Requests that wait for an identical one depend on its provider, never on its client.</summary>
public class InFlightRequestTests
{
    private const string Ask = """{"model":"cached","messages":[{"role":"user","content":"Hi"}]""";
    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(60);
    private static readonly string _book = new('x', 16_000_000);

    [Fact]
    public async Task Stream_LeaderReadsNothing_FollowerAsksProvider()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.InTurn(
            async call =>
            {
                await call.BeginAsync();
                while (true)
                {
                    await call.ChunkAsync(_book[..16_000]);
                }
            },
            call => call.RespondAsync("Hello there")
        );
        using var leader = await RawClient.SendAsync(gateway.Address, Ask + ""","stream":true}""");
        await Until.EqualAsync(1, () => Task.FromResult(gateway.Primary.Calls.Count));

        var follower = await Reply.ReadAsync(gateway.Client, Ask + ""","stream":true}""").WaitAsync(_hang);
        Assert.Equal((200, "Hello there"), (follower.Status, follower.Text));
    }

    [Fact]
    public async Task Chat_LeaderReadsNothing_FollowerGetsResponse()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        var release = new TaskCompletionSource();
        gateway.Primary.Behaviour = async call =>
        {
            await release.Task;
            await call.RespondAsync(_book);
        };
        using var leader = await RawClient.SendAsync(gateway.Address, Ask + "}");
        await Until.EqualAsync(1, () => Task.FromResult(gateway.Primary.Calls.Count));
        var follower = Reply.ReadAsync(gateway.Client, Ask + "}");
        release.SetResult();

        Assert.Equal(_book, (await follower.WaitAsync(_hang)).Text);
    }

    [Fact]
    public async Task Chat_LeaderHangsUp_FollowerAsksProvider()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.InTurn(call => call.HangAsync(), call => call.RespondAsync("Hello there"));
        using var leader = await RawClient.SendAsync(gateway.Address, Ask + "}");
        await Until.EqualAsync(1, () => Task.FromResult(gateway.Primary.Calls.Count));
        var follower = Reply.ReadAsync(gateway.Client, Ask + "}");
        leader.Dispose();

        var reply = await follower.WaitAsync(_hang);
        Assert.Equal((200, "Hello there"), (reply.Status, reply.Text));
    }

    [Fact]
    public async Task Chat_SlowLeader_FollowerWaitsBoundedTime()
    {
        await using var gateway = await FaultyGateway.StartAsync(
            ("Timeouts:Answer", "01:00:00"),
            ("Timeouts:Total", "01:00:00")
        );
        gateway.Primary.InTurn(call => call.HangAsync(), call => call.RespondAsync("Hello there"));
        using var leader = await RawClient.SendAsync(gateway.Address, Ask + "}");
        await Until.EqualAsync(1, () => Task.FromResult(gateway.Primary.Calls.Count));

        var follower = await gateway.SendAsync("cached", false);
        Assert.Equal((200, "Hello there"), (follower.Status, follower.Text));
        Assert.InRange(follower.Took, TimeSpan.FromSeconds(9), TimeSpan.FromMinutes(30));
    }

    [Fact]
    public async Task Stream_AboveMaximumSize_IsNotCached()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.RespondAsync(_book[..200_000]);
        await gateway.SendAsync("cached", true);
        var again = await gateway.SendAsync("cached", true);
        Assert.Equal(("miss", 200_000), (again.Headers["x-cogniforge-cache"], again.Text.Length));
    }
}
