using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Faults;

/// <summary>Whole responses count towards the memory share of a key while its clients do not read them.</summary>
public class UnreadResponseTests
{
    private const string Ask = """{"model":"alone","messages":[{"role":"user","content":"Write a book"}]}""";

    [Fact]
    public async Task Responses_LargeUnread_WaitForEachOther()
    {
        await using var gateway = await FaultyGateway.StartAsync(("CogniForge:Overload:MaxBodyBytes", "40000000"));
        var book = new string('x', 16_000_000);
        gateway.Primary.Behaviour = call => call.RespondAsync(book);
        using var other = await gateway.NewClientAsync();

        // Each counts as 32 MB, so that the second waits until the first is read.
        using var first = await RawClient.SendAsync(gateway.Address, Ask);
        await Until.TrueAsync(() => gateway.Primary.Calls is [{ Ended.IsCompleted: true }], "the first response");
        using var second = await RawClient.SendAsync(gateway.Address, Ask);
        await Until.TrueAsync(() => gateway.Primary.Calls.Count == 2, "the second call");
        Assert.Equal(200, (await gateway.SendAsync("alone", false, client: other)).Status);
        Assert.False(gateway.Primary.Calls[1].Ended.IsCompleted);

        Assert.Contains(book, await first.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Contains(book, await second.ReadToEndAsync(), StringComparison.Ordinal);
    }
}
