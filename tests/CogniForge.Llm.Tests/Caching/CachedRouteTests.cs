using System.Net.Http.Json;
using System.Text.Json;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Caching;

public class CachedRouteTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Chat_RepeatedRequest_IsHit(bool firstStreams, bool thenStreams)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.RespondAsync("Hello there");
        var first = await gateway.SendAsync("cached", firstStreams);
        var again = await gateway.SendAsync("cached", thenStreams);

        Assert.Equal(("miss", "hit"), (first.Headers["x-cogniforge-cache"], again.Headers["x-cogniforge-cache"]));
        Assert.Equal(
            ("Hello there", "stop", "model-a", true, 200),
            (again.Text, again.Finish, again.Model, again.IsDone, again.Status)
        );
        Assert.Single(gateway.Primary.Calls);
        Assert.True(again.Headers.ContainsKey("Age"));

        var entry = (await gateway.LogEntriesAsync(2))[1];
        Assert.Equal((true, 0m, 7, 3), (entry.Cached, entry.Cost, entry.InputTokens, entry.OutputTokens));
    }

    [Fact]
    public async Task Chat_ConcurrentRequests_CallProviderOnce()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        var release = new TaskCompletionSource();
        gateway.Primary.Behaviour = async call =>
        {
            await release.Task;
            await call.RespondAsync("Once");
        };
        var requests = Enumerable
            .Range(0, 20)
            .Select(_ =>
                Reply.ReadAsync(gateway.Client, """{"model":"cached","messages":[{"role":"user","content":"Hi"}]}""")
            )
            .ToList();
        await Until.EqualAsync(1, () => Task.FromResult(gateway.Primary.Calls.Count));
        release.SetResult();
        var replies = await Task.WhenAll(requests);
        Assert.All(replies, r => Assert.Equal("Once", r.Text));
        Assert.Single(gateway.Primary.Calls);
    }

    [Fact]
    public async Task Chat_ConcurrentRequestsOfTwoKeys_CallProviderTwice()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        var release = new TaskCompletionSource();
        gateway.Primary.Behaviour = async call =>
        {
            await release.Task;
            await call.RespondAsync("Own");
        };
        using var other = gateway.NewClient(await gateway.CreateKeyAsync("llm", "llm:invoke"));
        var requests = new[] { gateway.Client, other }
            .Select(c => Reply.ReadAsync(c, """{"model":"cached","messages":[{"role":"user","content":"Hi"}]}"""))
            .ToList();

        await Until.EqualAsync(2, () => Task.FromResult(gateway.Primary.Calls.Count));

        release.SetResult();
        Assert.All(await Task.WhenAll(requests), r => Assert.Equal("miss", r.Headers["x-cogniforge-cache"]));
    }

    [Fact]
    public async Task Chat_FirstFails_NextCallsProvider()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.InTurn(
            call => call.ErrorAsync(400, "invalid_request_error"),
            call => call.RespondAsync("Hello")
        );
        Assert.Equal(400, (await gateway.SendAsync("cached", false)).Status);
        var next = await gateway.SendAsync("cached", false);
        Assert.Equal(("Hello", "miss"), (next.Text, next.Headers["x-cogniforge-cache"]));
    }

    /// <summary>A client that does not request the usage finds no trace of it, though the cache keeps it.</summary>
    [Fact]
    public async Task Stream_TranslatedWithoutUsage_CachesUsage()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        await CacheAnthropicAsync(gateway);
        gateway.Primary.Behaviour = call =>
            call.WriteAsync(
                """
                data: {"type":"message_start","message":{"id":"msg_1","model":"claude-a","usage":{"input_tokens":7}}}

                data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

                data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}

                data: {"type":"content_block_stop","index":0}

                data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}}

                data: {"type":"message_stop"}


                """
            );
        const string Hello = """{"model":"claude","stream":true,"messages":[{"role":"user","content":"Hi"}]""";
        foreach (var result in (string[])["miss", "hit"])
        {
            using var response = await gateway.Client.PostAsync("/v1/chat/completions", Hello + "}");
            var stream = await response.Content.ReadAsStringAsync();
            Assert.Equal(result, response.Headers.GetValues("x-cogniforge-cache").Single());
            Assert.Contains("[DONE]", stream, StringComparison.Ordinal);
            Assert.DoesNotContain("\"usage\"", stream, StringComparison.Ordinal);
        }

        using var withUsage = await gateway.Client.PostAsync(
            "/v1/chat/completions",
            Hello + ""","stream_options":{"include_usage":true}}"""
        );
        Assert.Contains(
            "\"prompt_tokens\":7,\"completion_tokens\":3",
            await withUsage.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
        Assert.Single(gateway.Primary.Calls);
    }

    [Fact]
    public async Task Stream_NotAggregatable_IsCompleteButNotCached()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.ChunkAsync("Hello");
            await call.DataAsync(
                """{"model":"model-a","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x":1,"x":2}"""
            );
            await call.DoneAsync();
        };
        foreach (var number in (int[])[1, 2])
        {
            var reply = await gateway.SendAsync("cached", stream: true);
            Assert.Equal(("Hello", true, "miss"), (reply.Text, reply.IsDone, reply.Headers["x-cogniforge-cache"]));
            Assert.Equal(number, gateway.Primary.Calls.Count);
        }

        Assert.All(await gateway.LogEntriesAsync(2), e => Assert.Equal(200, e.Status));
    }

    [Theory]
    [InlineData("no-cache", "miss", 2)]
    [InlineData("no-store", "bypass", 2)]
    [InlineData("max-age=5", "miss", 2)]
    [InlineData("max-age=60", "hit", 1)]
    public async Task Chat_CacheControl_IsHonoured(string header, string result, int calls)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        await gateway.SendAsync("cached", false);
        gateway.Time.Advance(TimeSpan.FromSeconds(30));

        gateway.Client.DefaultRequestHeaders.Add("Cache-Control", header);
        var reply = await gateway.SendAsync("cached", false);
        Assert.Equal((result, calls), (reply.Headers["x-cogniforge-cache"], gateway.Primary.Calls.Count));
    }

    [Fact]
    public async Task Chat_OtherKey_IsMiss()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        await gateway.SendAsync("cached", false);
        using var created = await gateway.Client.PostAsJsonAsync(
            "/api/v1/llm/keys",
            new { name = "other", scopes = new[] { "llm:invoke" } }
        );
        var key = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString();
        gateway.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        Assert.Equal("miss", (await gateway.SendAsync("cached", false)).Headers["x-cogniforge-cache"]);
    }

    [Theory]
    [InlineData("", "miss")]
    [InlineData("?tag=mine", "miss")]
    [InlineData("?tag=cached", "miss")]
    [InlineData("?tag=other", "hit")]
    public async Task Purge_Tag_RemovesTaggedResponses(string query, string result)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Client.DefaultRequestHeaders.Add("x-cogniforge-cache-tags", "mine, also");
        await gateway.SendAsync("cached", false);
        using var purged = await gateway.Client.PostAsync(
            new Uri($"/api/v1/llm/cache/purge{query}", UriKind.Relative),
            null
        );
        Assert.Equal(System.Net.HttpStatusCode.NoContent, purged.StatusCode);
        Assert.Equal(result, (await gateway.SendAsync("cached", false)).Headers["x-cogniforge-cache"]);
    }

    [Theory]
    [InlineData("?tags=mine", null, "tags: is not a known parameter; known: tag")]
    [InlineData("", """{"tag":"mine"}""", ": must be empty: the tag is a parameter, ?tag=fast")]
    public async Task Purge_UnknownInput_IsRejected(string query, string? body, string rule)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        await gateway.SendAsync("cached", false);
        using var response = await gateway.Client.PostAsync(
            new Uri($"/api/v1/llm/cache/purge{query}", UriKind.Relative),
            body is null ? null : Requests.Json(body)
        );
        Assert.Equal([rule], await Problem.ReadRulesAsync(response));
        Assert.Equal("hit", (await gateway.SendAsync("cached", false)).Headers["x-cogniforge-cache"]);
    }

    [Fact]
    public async Task Chat_UncachedRoute_CallsProviderEachTime()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        await gateway.SendAsync("alone", false);
        Assert.Equal("bypass", (await gateway.SendAsync("alone", false)).Headers["x-cogniforge-cache"]);
        Assert.Equal(2, gateway.Primary.Calls.Count);
    }

    private static async Task CacheAnthropicAsync(FaultyGateway gateway)
    {
        using var route = await gateway.Client.PutAsync(
            new Uri("/api/v1/llm/routes/claude", UriKind.Relative),
            Requests.Json(
                """{"targets":[{"provider":"claude","model":"claude-a"}],"cache":{"lifetimeSeconds":600}}"""
            )
        );
        route.EnsureSuccessStatusCode();
    }
}
