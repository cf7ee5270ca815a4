using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.PassThrough;

/// <summary>Event streams of pass-through endpoints are never silent for as long as proxies allow.</summary>
public class PassThroughKeepAliveTests
{
    private const string Comment = ": keep-alive\n\n";
    private const string One = "data: {\"choices\":[{\"text\":\"one\"}]}\n\n";
    private const string Done = "data: [DONE]\n\n";

    [Fact]
    public async Task Events_Silent_ClientGetsComments()
    {
        await using var gateway = await StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.WriteAsync(": accepted\n\n");
            await call.DelayAsync(TimeSpan.FromSeconds(6), gateway.Time);
            await call.WriteAsync(One);
            await call.DelayAsync(TimeSpan.FromSeconds(10), gateway.Time);
            await call.WriteAsync(Done);
        };
        var (status, text) = await SendAsync(gateway, "alone");
        Assert.Equal(200, status);
        Assert.StartsWith(Comment, text, StringComparison.Ordinal);
        Assert.Contains($"{One}{Comment}", text, StringComparison.Ordinal);
        Assert.Equal($"{One}{Done}", text.Replace(Comment, "", StringComparison.Ordinal));
    }

    /// <summary>After a keep-alive the response can only be a stream, which the next target may not send.</summary>
    [Fact]
    public async Task Failure_AfterKeepAlive_IsLastEvent()
    {
        await using var gateway = await StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.WriteAsync(": accepted\n\n");
            await call.DelayAsync(TimeSpan.FromSeconds(6), gateway.Time);
            call.Reset();
        };
        var (status, text) = await SendAsync(gateway, "both");
        Assert.Equal(200, status);
        Assert.StartsWith(Comment, text, StringComparison.Ordinal);
        Assert.StartsWith(
            "data: {\"error\":",
            text.Replace(Comment, "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.Empty(gateway.Backup.Calls);
        Assert.Equal(502, Assert.Single(await gateway.LogEntriesAsync(1)).Status);
    }

    [Fact]
    public async Task File_Silent_StaysAsItIs()
    {
        await using var gateway = await StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BodyAsync("ID3"u8.ToArray(), "audio/mpeg");
            await call.WriteAsync(Array.Empty<byte>());
            await call.DelayAsync(TimeSpan.FromSeconds(6), gateway.Time);
            await call.WriteAsync("end");
        };
        Assert.Equal((200, "ID3end"), await SendAsync(gateway, "alone"));
    }

    private static Task<FaultyGateway> StartAsync() => FaultyGateway.StartAsync(("Timeouts:KeepAlive", "00:00:02"));

    private static async Task<(int Status, string Text)> SendAsync(FaultyGateway gateway, string model)
    {
        var sent = ReadAsync();
        await gateway.RunAsync(sent);
        return await sent;

        async Task<(int, string)> ReadAsync()
        {
            using var response = await gateway.Client.PostAsync(
                "/v1/completions",
                $$"""{"model":"{{model}}","prompt":"Hi","stream":true}"""
            );
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        }
    }
}
