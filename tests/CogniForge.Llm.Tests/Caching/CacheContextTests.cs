using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Limits;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Caching;

/// <summary>What changes a response besides the body also changes its place in the cache.</summary>
public class CacheContextTests
{
    private const string Route = """
        {"targets":[{"provider":"anthropic-fake","model":"fake"}],"cache":{"lifetimeSeconds":600,"shared":true}
        """;

    [Fact]
    public async Task Header_OfProvider_SeparatesResponses()
    {
        await using var provider = await StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        await PutAsync(gateway, Route + "}");

        Assert.Equal("miss", await AskAsync(gateway.Client));
        Assert.Equal("miss", await AskAsync(gateway.Client, ("anthropic-beta", "context-1m-2025-08-07")));
        Assert.Equal("miss", await AskAsync(gateway.Client, ("anthropic-version", "2099-01-01")));

        Assert.Equal("hit", await AskAsync(gateway.Client));
        Assert.Equal("hit", await AskAsync(gateway.Client, ("anthropic-beta", "files-api-2025-04-14"))); // dropped
        Assert.Equal("hit", await AskAsync(gateway.Client, ("X-Title", "app"))); // changes nothing
        Assert.Equal(3, provider.Calls.Count);
    }

    [Theory]
    [InlineData("""{"targets":[{"provider":"anthropic-fake","model":"other"}]""")]
    [InlineData("""{"targets":[{"provider":"anthropic-fake","model":"fake"}],"defaults":{"temperature":0}""")]
    [InlineData("""{"targets":[{"provider":"anthropic-fake","model":"fake"}],"maxOutputTokens":2""")]
    public async Task Route_Changed_SeparatesResponses(string changed)
    {
        await using var provider = await StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        await PutAsync(gateway, Route + "}");
        Assert.Equal(("miss", "hit"), (await AskAsync(gateway.Client), await AskAsync(gateway.Client)));

        await PutAsync(gateway, changed + ""","cache":{"lifetimeSeconds":600,"shared":true}}""");

        Assert.Equal("miss", await AskAsync(gateway.Client));
    }

    [Fact]
    public async Task Budget_LimitsOutput_SeparatesResponses()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        await PutAsync(
            gateway,
            """{"targets":[{"provider":"fake","model":"fake"}],"cache":{"lifetimeSeconds":600,"shared":true}}"""
        );
        var (_, limited) = await gateway.NewKeyAsync("""{"budget":{"amount":1,"period":"day"}}""");
        var (_, free) = await gateway.NewKeyAsync("{}");
        const string Body = """{"model":"cached","messages":[{"role":"user","content":"Hello"}]}""";

        Assert.Equal((200, 200), (await limited.StatusAsync(Body), await free.StatusAsync(Body)));

        Assert.Equal(2, provider.Calls.Count); // the first has max_tokens, the second has none
    }

    [Theory]
    [InlineData("\"conversation\":\"conv_1\"")]
    [InlineData("\"background\":true")]
    public async Task Request_WithState_IsNotCached(string field)
    {
        await using var provider = await StartAsync();
        provider.Behaviour = call => call.JsonAsync(
            200,
            """{"id":"resp_1","object":"response","model":"fake","status":"queued","output":[]}"""
        );
        await using var gateway = await LimitedGateway.WithAsync(provider);
        await PutAsync(
            gateway,
            """
            {"targets":[{"provider":"openai-fake","model":"fake"}],"cache":{"lifetimeSeconds":600},
             "statefulReferences":"any"}
            """
        );
        var body = $$"""{"model":"cached","input":"Hi",{{field}}}""";

        using var first = await gateway.Client.ChatAsync(body, "/v1/responses");
        using var second = await gateway.Client.ChatAsync(body, "/v1/responses");

        Assert.Equal(("bypass", "bypass"), (first.Header("x-cogniforge-cache"), second.Header("x-cogniforge-cache")));
    }

    private static async Task<FakeProvider> StartAsync()
    {
        var provider = await FakeProvider.StartAsync();
        provider.Behaviour = call => call.JsonAsync(
            200,
            """
            {"id":"m","type":"message","role":"assistant","model":"fake","content":[{"type":"text","text":"Hi"}],
             "stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}
            """
        );
        return provider;
    }

    private static async Task PutAsync(LimitedGateway gateway, string route)
    {
        using var put = await gateway.Client.PutAsync("/api/v1/llm/routes/cached", route);
        Assert.True(put.IsSuccessStatusCode);
    }

    private static async Task<string?> AskAsync(HttpClient client, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/messages", UriKind.Relative))
        {
            Content = Requests.Json(
                """{"model":"cached","max_tokens":4,"messages":[{"role":"user","content":"Hi"}]}"""
            ),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await client.SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
        return response.Header("x-cogniforge-cache");
    }
}
