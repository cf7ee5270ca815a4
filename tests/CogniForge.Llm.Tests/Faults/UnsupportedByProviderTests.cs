using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Faults;

public class UnsupportedByProviderTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_UnsupportedByFirstTarget_FallsBack(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        var reply = await gateway.SendAsync("mixed", stream, ",\"n\":2");
        Assert.Equal((200, "Hello", "model-b"), (reply.Status, reply.Text, reply.Model));
        Assert.Empty(gateway.Primary.Calls);
    }

    [Fact]
    public async Task Chat_UnsupportedByAllTargets_NamesField()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        var reply = await gateway.SendAsync("claude/claude-a", false, ",\"n\":2");
        Assert.Equal((400, "n"), (reply.Status, reply.Error!.Value.GetProperty("param").GetString()));
        Assert.Empty(gateway.Primary.Calls);
    }
}
