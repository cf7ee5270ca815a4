using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Faults;

/// <summary>Whole responses count towards the memory share of a key while its clients do not read them.</summary>
public class UnreadResponseTests
{
    private const string Ask = """{"model":"alone","messages":[{"role":"user","content":"Write a book"}]}""";
    private const string List = "/v1/files?provider=primary";

    [Fact]
    public async Task Responses_LargeUnread_WaitForEachOther()
    {
        await using var gateway = await FaultyGateway.StartAsync(("CogniForge:Overload:MaxBodyBytes", "40000000"));
        var book = new string('x', 16_000_000);
        gateway.Primary.Behaviour = call => call.RespondAsync(book);
        using var other = await gateway.NewClientAsync();

        // Each counts as 32 MB. One at a time may exceed the share, so that the third request waits. The clock stands
        // still, so that it waits as long as it has to.
        using var first = await SendAsync(gateway, ended: 1);
        using var second = await SendAsync(gateway, ended: 2);
        using var third = await RawClient.SendAsync(gateway.Address, Ask);
        Assert.Equal(200, (await Reply.ReadAsync(other, Ask)).Status);
        Assert.Equal(3, gateway.Primary.Calls.Count); // two, and that of the other key

        Assert.Contains(book, await first.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Contains(book, await second.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Contains(book, await third.ReadToEndAsync(), StringComparison.Ordinal);
    }

    /// <summary>A list has a response, but its request has no body.</summary>
    [Fact]
    public async Task Lists_LargeUnread_WaitForEachOther()
    {
        await using var gateway = await FaultyGateway.StartAsync(("CogniForge:Overload:MaxBodyBytes", "40000000"));
        var list = $$"""{"data":[],"object":"{{new string('x', 16_000_000)}}"}""";
        gateway.Primary.Behaviour = call =>
        {
            // The kernel may hold a whole response for a connection that was read fast before.
            call.SetHeader("Connection", "close");
            return call.JsonAsync(200, list);
        };

        using var other = await gateway.NewClientAsync();

        // Only the memory of a response is counted, so that the third request arrives, but not its response.
        using var first = await ListAsync(gateway, ended: 1);
        using var second = await ListAsync(gateway, ended: 2);
        using var third = await ListAsync(gateway, ended: 2);
        await Until.TrueAsync(() => gateway.Primary.Calls.Count == 3, "the third request");
        using var others = await other.GetAsync(List);
        await others.ReadAsync(200);
        Assert.False(gateway.Primary.Calls[2].Ended.IsCompleted);

        Assert.Contains(list[10..], await first.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Contains(list[10..], await second.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Contains(list[10..], await third.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private static async Task<RawClient> ListAsync(FaultyGateway gateway, int ended)
    {
        var client = await RawClient.SendAsync(gateway.Address, $"GET {List}", "", "");
        await Until.TrueAsync(() => gateway.Primary.Calls.Count(c => c.Ended.IsCompleted) == ended, "a response");
        return client;
    }

    private static async Task<RawClient> SendAsync(FaultyGateway gateway, int ended)
    {
        var client = await RawClient.SendAsync(gateway.Address, Ask);
        await Until.TrueAsync(() => gateway.Primary.Calls.Count(c => c.Ended.IsCompleted) == ended, "a response");
        return client;
    }
}
