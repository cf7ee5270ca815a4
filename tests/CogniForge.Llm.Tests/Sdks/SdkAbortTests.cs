namespace CogniForge.Llm.Tests.Sdks;

/// <summary>A client that gives up: the provider need not go on. The gateway's clock stands still here, so it is the client's going that ends the call and no time-out.</summary>
public class SdkAbortTests(SdkGateway gateway) : IClassFixture<SdkGateway>
{
    public static TheoryData<Api, Api, bool> Ways => ConversationTests.Ways;

    [Theory, MemberData(nameof(Ways))]
    public async Task Cancel_BeforeTheAnswer_ReachesTheProvider(Api client, Api provider, bool stream)
    {
        var arrived = new TaskCompletionSource();
        gateway.Provider(provider).Behaviour = call =>
        {
            arrived.SetResult();
            return call.HangAsync();
        };
        using var source = new CancellationTokenSource();
        var asked = gateway
            .Sdk(client)
            .AskAsync(gateway.Model(provider), Question.Create("Hi"), stream, cancellationToken: source.Token);
        await arrived.Task;
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await gateway.Provider(provider).Calls[^1].Ended.WaitAsync(TimeSpan.FromSeconds(15));
    }

    [Theory]
    [InlineData(Api.OpenAI, Api.OpenAI)]
    [InlineData(Api.OpenAI, Api.Anthropic)]
    [InlineData(Api.Anthropic, Api.OpenAI)]
    [InlineData(Api.Anthropic, Api.Anthropic)]
    public async Task Cancel_InTheStream_ReachesTheProvider(Api client, Api provider)
    {
        gateway.Provider(provider).Behaviour = async call =>
        {
            await SdkGateway.BeginAsync(provider, call, "Half an");
            await call.HangAsync();
        };
        using var source = new CancellationTokenSource();
        var heard = "";
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            gateway
                .Sdk(client)
                .AskAsync(gateway.Model(provider), Question.Create("Hi"), stream: true, Hear, source.Token)
        );
        await gateway.Provider(provider).Calls[^1].Ended.WaitAsync(TimeSpan.FromSeconds(15));

        void Hear(string piece)
        {
            heard += piece;
            if (heard.Contains("Half an", StringComparison.Ordinal))
            {
                source.Cancel();
            }
        }
    }
}
