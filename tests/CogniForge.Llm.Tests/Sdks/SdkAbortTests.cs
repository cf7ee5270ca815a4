namespace CogniForge.Llm.Tests.Sdks;

/// <summary>
/// A client's cancellation reaches the provider. The gateway's clock stands still here, so only the cancellation, and
/// no timeout, can end the call.
/// </summary>
public class SdkAbortTests(SdkGateway gateway) : IClassFixture<SdkGateway>
{
    public static TheoryData<Api, Api, bool> Combinations => ConversationTests.Combinations;

    [Theory, MemberData(nameof(Combinations))]
    public async Task Cancel_BeforeResponse_ReachesProvider(Api client, Api provider, bool stream)
    {
        var arrived = new TaskCompletionSource();
        gateway.Provider(provider).Behaviour = call =>
        {
            arrived.SetResult();
            return call.HangAsync();
        };
        using var source = new CancellationTokenSource();
        var pending = gateway
            .Sdk(client)
            .SendAsync(gateway.Model(provider), ChatRequest.Create("Hi"), stream, cancellationToken: source.Token);
        await arrived.Task;
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        await gateway.Provider(provider).Calls[^1].Ended.WaitAsync(TimeSpan.FromSeconds(15));
    }

    [Theory]
    [InlineData(Api.OpenAI, Api.OpenAI)]
    [InlineData(Api.OpenAI, Api.Anthropic)]
    [InlineData(Api.Anthropic, Api.OpenAI)]
    [InlineData(Api.Anthropic, Api.Anthropic)]
    public async Task Cancel_DuringStream_ReachesProvider(Api client, Api provider)
    {
        gateway.Provider(provider).Behaviour = async call =>
        {
            await SdkGateway.BeginAsync(provider, call, "Half an");
            await call.HangAsync();
        };
        using var source = new CancellationTokenSource();
        var received = "";
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            gateway
                .Sdk(client)
                .SendAsync(gateway.Model(provider), ChatRequest.Create("Hi"), stream: true, Receive, source.Token)
        );
        await gateway.Provider(provider).Calls[^1].Ended.WaitAsync(TimeSpan.FromSeconds(15));

        void Receive(string piece)
        {
            received += piece;
            if (received.Contains("Half an", StringComparison.Ordinal))
            {
                source.Cancel();
            }
        }
    }
}
