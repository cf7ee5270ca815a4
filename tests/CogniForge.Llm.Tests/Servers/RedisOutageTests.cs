using System.Globalization;
using CogniForge.ServiceDefaults.Tests.Support;

namespace CogniForge.Llm.Tests.Servers;

/// <summary>The gateway works without Redis, whatever the kind of outage.</summary>
[Collection(RealServersCollection.Name)]
[Trait("Category", "Servers")]
public sealed class RedisOutageTests(RealServers servers)
{
    private const string ChatRequest = """{"model":"limited","messages":[{"role":"user","content":"Hello"}]}""";

    public static TheoryData<Outage> Outages => [.. Enum.GetValues<Outage>()];

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Chat_RedisUnavailable_SucceedsAndRecovers(Outage outage)
    {
        var target = servers.Redis.Split(',');
        var address = target[0].Split(':');
        await using var proxy = new TcpProxy(address[0], int.Parse(address[1], CultureInfo.InvariantCulture));
        if (outage == Outage.HeldFromTheStart)
        {
            proxy.Hold();
        }

        using var gateway = GatewayHost.Start(
            ("ConnectionStrings:cache", string.Join(',', [$"127.0.0.1:{proxy.Port}", .. target[1..]])),
            ("Routes:limited:Targets:0:Provider", "mock"),
            ("Routes:limited:Targets:0:Model", "mock"),
            ("Routes:limited:Limits:RequestsPerMinute", "1000000"),
            ("Routes:limited:Cache:Lifetime", "00:01:00")
        );
        if (outage != Outage.HeldFromTheStart)
        {
            await UntilHealthAsync(gateway, "Healthy");
            Assert.Equal(200, await ChatStatusAsync(gateway));
        }

        switch (outage)
        {
            case Outage.GoneSilent:
                proxy.Hold();
                proxy.Silence();
                break;
            case Outage.ClosedThenHeld:
                proxy.Hold();
                proxy.Cut();
                break;
            case Outage.ClosedAtOnce:
                proxy.Unplug();
                break;
        }

        Assert.Equal(200, await ChatStatusAsync(gateway));
        await UntilHealthAsync(gateway, "Degraded");
        await Problem.ReadAsync(await PurgeAsync(gateway), 503);

        proxy.Release();
        proxy.Plug();
        await UntilHealthAsync(gateway, "Healthy");
        await Until.EqualAsync(204, async () => (int)(await PurgeAsync(gateway)).StatusCode);
        Assert.Equal(200, await ChatStatusAsync(gateway));
    }

    private static Task UntilHealthAsync(GatewayHost gateway, string status) =>
        Until.EqualAsync(status, () => gateway.Client.GetStringAsync(new Uri("/health", UriKind.Relative)));

    private static Task<HttpResponseMessage> PurgeAsync(GatewayHost gateway) =>
        gateway.Client.PostAsync(new Uri("/api/v1/llm/cache/purge", UriKind.Relative), null);

    private static async Task<int> ChatStatusAsync(GatewayHost gateway)
    {
        using var response = await gateway.Client.PostAsync("/v1/chat/completions", ChatRequest);
        return (int)response.StatusCode;
    }
}
