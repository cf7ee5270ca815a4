using System.Text.Json;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Limits;
using CogniForge.Llm.Tests.Servers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Llm.Tests.Providers;

/// <summary><c>GET /v1/models</c> lists what the providers offer.</summary>
public sealed class ProviderModelsTests
{
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task List_ConfiguredProvider_ContainsItsModels()
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.Behaviour = call => call.JsonAsync(200, """{"object":"list","data":[{"id":"gpt-9","created":7}]}""");
        await using var gateway = new Gateway(provider);

        using var response = await gateway.Client.GetAsync("/v1/models");
        using var one = await gateway.Client.GetAsync("/v1/models/p/gpt-9");

        const string Model = """{"id":"p/gpt-9","object":"model","created":7,"owned_by":"p"}""";
        Assert.Equal(
            """{"object":"list","data":[{"id":"mock","object":"model","created":0,"owned_by":"mock"},"""
                + $"{Model}]}}",
            (await response.ReadAsync(200)).GetRawText()
        );
        Assert.Equal(Model, (await one.ReadAsync(200)).GetRawText());
        Assert.Equal(
            ("/v1/models", "Bearer sk-1"),
            (provider.Calls[0].Path, provider.Calls[0].Headers.Authorization.ToString())
        );
    }

    [Theory]
    [InlineData("""{"data":[{"id":"a"},{"id":"b"}]}""", "a b")]
    // odysseus-dev/odysseus#2202, helixml/helix#386: Together's list is a bare array
    [InlineData("""[{"id":"a","type":"chat","created":0}]""", "a")]
    // EKKOLearnAI/hermes-studio#1510: Gemini's ids have a prefix
    [InlineData("""{"data":[{"id":"models/gemini-3-flash"}]}""", "gemini-3-flash")]
    // JohnnyZ93/oai-compatible-copilot#127: Google's own format
    [InlineData("""{"models":[{"name":"models/g"}],"nextPageToken":"t"}""", "g")]
    [InlineData("""{"data":["a","",null,7,{"name":null},{"id":"x\u0000y"},{"id":"a"}]}""", "a")]
    [InlineData("""{"data":null}""", "")]
    [InlineData("""{"error":{"message":"no"}}""", "")]
    [InlineData("<html>", "")]
    public async Task List_ServersFormat_IsRead(string body, string expected)
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.Behaviour = call => call.JsonAsync(200, body);
        await using var gateway = new Gateway(provider);
        Assert.Equal(expected, string.Join(' ', await gateway.ListAsync()));
    }

    [Fact]
    public async Task List_Anthropic_FollowsPages()
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.InTurn(
            call => call.JsonAsync(200, """{"data":[{"id":"claude-a"}],"has_more":true,"last_id":"claude-a"}"""),
            call => call.JsonAsync(200, """{"data":[{"id":"claude-b"}],"has_more":false,"last_id":"claude-b"}""")
        );
        await using var gateway = new Gateway(provider, ("Providers:p:Kind", "anthropic"));

        Assert.Equal(["claude-a", "claude-b"], await gateway.ListAsync());
        Assert.Equal(["?limit=1000", "?limit=1000&after_id=claude-a"], provider.Calls.Select(c => c.Query));
        Assert.All(provider.Calls, c => Assert.Equal("sk-1", c.Headers["x-api-key"].ToString()));
        Assert.All(provider.Calls, c => Assert.Equal("2023-06-01", c.Headers["anthropic-version"].ToString()));
    }

    [Fact]
    public async Task List_SamePageForEver_Ends()
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.Behaviour = call => call.JsonAsync(200, """{"data":[{"id":"a"}],"has_more":true}""");
        await using var gateway = new Gateway(provider);
        Assert.Equal(["a"], await gateway.ListAsync());
        Assert.Equal(2, provider.Calls.Count);
    }

    [Fact]
    public async Task List_WithinLifetime_AsksOnce()
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.Behaviour = call => call.JsonAsync(200, """{"data":[{"id":"a"}]}""");
        await using var gateway = new Gateway(provider);
        await gateway.ListAsync();
        gateway.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(["a"], await gateway.ListAsync());
        Assert.Single(provider.Calls);
    }

    [Fact]
    public async Task List_AfterLifetime_IsRenewedInBackground()
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.Behaviour = call => call.JsonAsync(200, """{"data":[{"id":"a"}]}""");
        await using var gateway = new Gateway(provider);
        await gateway.ListAsync();
        provider.Behaviour = call => call.JsonAsync(200, """{"data":[{"id":"b"}]}""");
        gateway.Time.Advance(TimeSpan.FromMinutes(11));
        await Until.EqualAsync("b", async () => string.Join(' ', await gateway.ListAsync()));
        Assert.Equal(2, provider.Calls.Count);
    }

    [Fact]
    public async Task List_FailingProvider_KeepsLastKnown()
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.Behaviour = call => call.JsonAsync(200, """{"data":[{"id":"a"}]}""");
        await using var gateway = new Gateway(provider);
        await gateway.ListAsync();
        provider.Behaviour = call => call.ErrorAsync(500, "server_error");
        gateway.Time.Advance(_hour);
        await Until.EqualAsync(
            true,
            async () =>
            {
                Assert.Equal(["a"], await gateway.ListAsync());
                return provider.Calls.Count == 2 && provider.Calls[1].Ended.IsCompleted;
            }
        );
        Assert.Equal(["a"], await gateway.ListAsync());
    }

    [Fact]
    public async Task List_SilentProvider_LeavesOthers()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var silent = await FakeProvider.StartAsync();
        provider.Behaviour = call => call.JsonAsync(200, """{"data":[{"id":"a","created":7}]}""");
        silent.Behaviour = call => call.HangAsync();
        await using var gateway = new Gateway(provider, ("Providers:q:BaseUrl", silent.BaseUrl));

        var list = gateway.ListAsync();
        await Until.EqualAsync(1, () => Task.FromResult(silent.Calls.Count));
        await Until.EqualAsync(
            7,
            async () =>
            {
                using var one = await gateway.Client.GetAsync("/v1/models/p/a");
                return (await one.ReadAsync(200)).GetProperty("created").GetInt32();
            }
        );
        await gateway.Time.RunAsync(list);

        Assert.Equal(["a"], await list);
        Assert.Equal(["a"], await gateway.ListAsync()); // at once: the silent one is not requested each time
        Assert.Single(silent.Calls);
    }

    [Fact]
    public async Task List_ManyClients_AskOnce()
    {
        await using var provider = await FakeProvider.StartAsync();
        var go = new TaskCompletionSource();
        provider.Behaviour = async call =>
        {
            await go.Task;
            await call.JsonAsync(200, """{"data":[{"id":"a"}]}""");
        };
        await using var gateway = new Gateway(provider);
        var lists = Enumerable.Range(0, 20).Select(_ => gateway.ListAsync()).ToArray();
        await Until.EqualAsync(1, () => Task.FromResult(provider.Calls.Count));
        go.SetResult();
        Assert.All(await Task.WhenAll(lists), list => Assert.Equal(["a"], list));
        Assert.Single(provider.Calls);
    }

    [Theory]
    [InlineData("ModelList:Lifetime", "00:00:00")]
    [InlineData("Providers:p:ListsModels", "false")]
    public async Task List_SwitchedOff_RequestsNone(string name, string value)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = new Gateway(provider, (name, value));
        Assert.Empty(await gateway.ListAsync());
        Assert.Empty(provider.Calls);
    }

    // stulzq/azure-openai-proxy#76: Azure lists models, but takes names of deployments.
    [Fact]
    public async Task List_Azure_ShowsConfiguredDeployments()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = new Gateway(
            provider,
            ("Providers:p:Kind", "azure"),
            ("Providers:p:Models:0:Model", "my-gpt"),
            ("Providers:p:Models:1:Model", "other-*"),
            ("Providers:p:Models:2:Model", "gpt-5")
        );
        Assert.Equal(["gpt-5", "my-gpt"], await gateway.ListAsync());
        Assert.Empty(provider.Calls);
    }

    [Fact]
    public async Task List_KeyWithRoutes_ShowsOnlyThose()
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.Behaviour = call => call.JsonAsync(200, """{"data":[{"id":"a"},{"id":"b"}]}""");
        await using var limited = await LimitedGateway.WithAsync(
            provider,
            null,
            ("Providers:p:BaseUrl", provider.BaseUrl),
            ("Providers:q:BaseUrl", provider.BaseUrl)
        );
        var (_, client) = await limited.NewKeyAsync("""{"routes":["p/*","q/b"]}""");
        using var response = await client.GetAsync("/v1/models");
        Assert.Equal(["p/a", "p/b", "q/b"], Ids(await response.ReadAsync(200)));
    }

    [Fact]
    public async Task List_AnthropicClient_GetsItsFormat()
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.Behaviour = call => call.JsonAsync(200, """{"data":[{"id":"a"}]}""");
        await using var gateway = new Gateway(provider);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/models", UriKind.Relative));
        request.Headers.Add("anthropic-version", "2023-06-01");
        using var response = await gateway.Client.SendAsync(request);
        var list = await response.ReadAsync(200);
        Assert.Equal(["mock", "p/a"], Ids(list));
        Assert.Equal(
            ("mock", "p/a", false),
            (
                list.GetProperty("first_id").GetString(),
                list.GetProperty("last_id").GetString(),
                list.GetProperty("has_more").GetBoolean()
            )
        );
    }

    private static IEnumerable<string> Ids(JsonElement list) =>
        list.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()!);

    private sealed class Gateway(FakeProvider provider, params (string Name, string Value)[] settings)
        : ServiceHost<Program>(builder =>
        {
            builder.UseSetting("Providers:p:BaseUrl", provider.BaseUrl);
            builder.UseSetting("Providers:p:ApiKey", "sk-1");
            foreach (var (name, value) in settings)
            {
                builder.UseSetting(name, value);
            }

            builder.ConfigureServices(services =>
                services.AddSingleton<TimeProvider>(new FakeTimeProvider(TestTime.Start))
            );
        })
    {
        public FakeTimeProvider Time => (FakeTimeProvider)Services.GetRequiredService<TimeProvider>();

        /// <summary>The listed models of the provider.</summary>
        public async Task<IReadOnlyList<string>> ListAsync()
        {
            using var response = await Client.GetAsync("/v1/models");
            return [.. Ids(await response.ReadAsync(200)).Where(i => i[..2] == "p/").Select(i => i[2..])];
        }
    }
}
