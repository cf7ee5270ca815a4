using System.Globalization;
using System.Text.RegularExpressions;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Pricing;

/// <summary>What a provider omits of its usage is estimated once: the client, the log and the cache agree.</summary>
public partial class IncompleteUsageTests
{
    private const string Text = "one two three four five";

    [Theory]
    [InlineData("/v1/messages", """{"completion_tokens":50}""", false)]
    [InlineData("/v1/messages", """{"completion_tokens":50}""", true)]
    [InlineData("/v1/messages", """{"total_tokens":100}""", false)]
    [InlineData("/v1/messages", """{"total_tokens":100}""", true)]
    [InlineData("/v1/messages", """{"prompt_tokens":20,"completion_tokens":0}""", false)]
    [InlineData("/v1/messages", """{"prompt_tokens":20,"completion_tokens":0}""", true)]
    [InlineData("/v1/responses", """{"completion_tokens":50}""", false)]
    [InlineData("/v1/responses", """{"completion_tokens":50}""", true)]
    [InlineData("/v1/responses", """{"total_tokens":100}""", true)]
    [InlineData("/v1/responses", """{"prompt_tokens":20,"completion_tokens":0}""", false)]
    public async Task Translated_PartOfUsage_ClientGetsWhatIsBilled(string path, string usage, bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => RespondAsync(call, usage);

        using var response = await gateway.Client.PostAsync(
            path,
            $$"""
            {"model":"alone","stream":{{(stream ? "true" : "false")}},
             {{(
                path == "/v1/messages"
                    ? """
                    "max_tokens":99,"messages":[{"role":"user","content":"Hi"}]
                    """
                    : "\"input\":\"Hi\""
            )}}}
            """
        );
        var body = await response.Content.ReadAsStringAsync();

        var entry = Assert.Single(await gateway.LogEntriesAsync(1));
        Assert.Equal((200, true), (entry.Status, entry.Estimated));
        Assert.InRange(entry.InputTokens, 1, 99);
        Assert.InRange(entry.OutputTokens, 5, 50);
        Assert.Equal((entry.InputTokens, entry.OutputTokens), ReadUsage(body));
    }

    /// <summary>Anthropic's stream begins with a placeholder, and the end reports nothing.</summary>
    [Fact]
    public async Task Stream_UsageOnlyAtStart_ClientAndCacheGetEstimate()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        using var route = await gateway.Client.PutAsync(
            "/api/v1/llm/routes/kept",
            """{"targets":[{"provider":"claude","model":"claude-a"}],"cache":{"lifetimeSeconds":600}}"""
        );
        await route.ReadAsync(201);
        gateway.Primary.Behaviour = call =>
            call.EventsAsync(
                """
                {"type":"message_start","message":{"id":"m","model":"claude-a",
                 "usage":{"input_tokens":10,"output_tokens":1}}}
                """,
                """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
                $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{Text}}}"}}""",
                """{"type":"content_block_stop","index":0}""",
                """{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""",
                """{"type":"message_stop"}"""
            );

        foreach (var cache in (string[])["miss", "hit"])
        {
            using var response = await gateway.Client.PostAsync(
                "/v1/chat/completions",
                """
                {"model":"kept","stream":true,"stream_options":{"include_usage":true},
                 "messages":[{"role":"user","content":"Hi"}]}
                """
            );
            Assert.Equal(cache, response.Headers.GetValues("x-cogniforge-cache").Single());
            Assert.Equal((10, 5), ReadUsage(await response.Content.ReadAsStringAsync()));
        }

        Assert.Single(gateway.Primary.Calls);
        Assert.All(
            await gateway.LogEntriesAsync(2),
            entry => Assert.Equal((10, 5), (entry.InputTokens, entry.OutputTokens))
        );
    }

    private static async Task RespondAsync(FakeCall call, string usage)
    {
        if (!call.IsStream)
        {
            await call.JsonAsync(
                200,
                $$"""
                {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,
                 "message":{"role":"assistant","content":"{{Text}}"},"finish_reason":"stop"}],"usage":{{usage}}}
                """
            );
            return;
        }

        await call.BeginAsync();
        await call.ChunkAsync(Text);
        await call.FinishAsync();
        await call.DataAsync($$"""{"id":"c","model":"m","choices":[],"usage":{{usage}}}""");
        await call.DoneAsync();
    }

    /// <summary>Reads the last counts of a response in any protocol.</summary>
    private static (int Input, int Output) ReadUsage(string body)
    {
        return (Last(InputTokens()), Last(OutputTokens()));

        int Last(Regex name) => int.Parse(name.Matches(body)[^1].Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("\"(?:prompt|input)_tokens\":([0-9]+)")]
    private static partial Regex InputTokens();

    [GeneratedRegex("\"(?:completion|output)_tokens\":([0-9]+)")]
    private static partial Regex OutputTokens();
}
