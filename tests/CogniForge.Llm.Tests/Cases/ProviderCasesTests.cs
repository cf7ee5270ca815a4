using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Cases;

/// <summary>Failures and usage as real providers report them.</summary>
public class ProviderCasesTests
{
    /// <summary>An empty account has status 400 (theopenco/llmgateway#3297), as has a wrong key of ours.</summary>
    [Theory]
    [InlineData(
        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or "
            + "purchase credits."
    )]
    [InlineData("API key not valid. Please pass a valid API key.")]
    [InlineData("Incorrect API key provided: sk***. You can obtain an API key from https://console.x.ai.")]
    [InlineData(
        "input length and `max_tokens` exceed context limit: 197626 + 20000 > 200000, decrease input length or "
            + "`max_tokens` and try again"
    )]
    [InlineData("The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).")]
    [InlineData("Please reduce the length of the messages or completion.")]
    [InlineData("This model's maximum prompt length is 131072 but the request contains 537812 tokens.")]
    [InlineData("Range of input length should be [1, 129024]")]
    [InlineData("Invalid request: Your request exceeded model token limit: 262144")]
    [InlineData("Input is too long for requested model.")]
    [InlineData("prompt token count of 160000 exceeds the limit of 128000")]
    [InlineData("The input (50000 tokens) is longer than the model's context length (32768 tokens).")]
    public async Task Status400_FaultOfTarget_AsksNextTarget(string message)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.ErrorAsync(400, "invalid_request_error", null, message);
        var reply = await gateway.SendAsync("both", stream: false);
        Assert.Equal((200, "Hello"), (reply.Status, reply.Text));
        Assert.Single(gateway.Primary.Calls);
    }

    [Theory]
    [InlineData("Your credit balance is too low to access the Anthropic API.", 502, "provider_billing")]
    [InlineData("input length and `max_tokens` exceed context limit: 197626 + 20000", 400, "context_length_exceeded")]
    public async Task Status400_LastTarget_NamesCause(string message, int status, string code)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.ErrorAsync(400, "invalid_request_error", null, message);
        var reply = await gateway.SendAsync("alone", stream: false);
        Assert.Equal((status, code), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Status400_EchoedKey_IsMasked()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call =>
            call.ErrorAsync(400, "invalid_request_error", null, "Bad header Authorization: Bearer sk-primary");
        var reply = await gateway.SendAsync("alone", stream: false);
        Assert.Equal(400, reply.Status);
        Assert.DoesNotContain("sk-primary", reply.Error!.Value.GetRawText(), StringComparison.Ordinal);
    }

    /// <summary>Six hard questions must not open a model's circuit for all keys.</summary>
    [Fact]
    public async Task Stream_SixSlowFirstTokens_KeepCircuitClosed()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.DelayAsync(TimeSpan.FromSeconds(11.5), gateway.Time);
            await call.RespondAsync("ok");
        };
        var slow = Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(_ =>
                    Reply.ReadAsync(
                        gateway.Client,
                        """{"model":"alone","stream":true,"messages":[{"role":"user","content":"hi"}]}"""
                    )
                )
        );
        await gateway.RunAsync(slow);

        gateway.Primary.Behaviour = call => call.RespondAsync("at once");
        var reply = await gateway.SendAsync("alone", stream: true);
        Assert.Equal((200, "at once"), (reply.Status, reply.Text));
    }

    /// <summary>
    /// xAI and Gemini count reasoning outside completion_tokens (UKGovernmentBEIS/inspect_ai#5528, vercel/ai#6082);
    /// Kimi names cached tokens in its own way, within the last choice (earendil-works/pi#2017).
    /// </summary>
    [Theory]
    [InlineData(
        """
        {"prompt_tokens":10,"completion_tokens":5,"total_tokens":1015,
         "completion_tokens_details":{"reasoning_tokens":1000}}
        """,
        10,
        1005,
        0
    )]
    [InlineData(
        """{"prompt_tokens":1000,"completion_tokens":5,"total_tokens":1005,"cached_tokens":900}""",
        1000,
        5,
        900
    )]
    [InlineData(
        """{"prompt_tokens":1000,"completion_tokens":5,"total_tokens":1005,"prompt_cache_hit_tokens":900}""",
        1000,
        5,
        900
    )]
    public async Task Usage_ByOtherNames_IsRecorded(string usage, int input, int output, int cached)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            var fields = $$"""
                "finish_reason":"stop","usage":{{usage.ReplaceLineEndings("")}}
                """;
            if (!call.IsStream)
            {
                await call.JsonAsync(
                    200,
                    $$$"""
                    {"id":"c","model":"m","choices":[{"index":0,"message":{"content":"ok"},"finish_reason":"stop"}],
                     "usage":{{{usage}}}}
                    """
                );
                return;
            }

            await call.BeginAsync();
            await call.ChunkAsync("ok");
            await call.DataAsync($$$"""{"id":"c","model":"m","choices":[{"index":0,"delta":{},{{{fields}}}}]}""");
            await call.DoneAsync();
        };
        foreach (var stream in new[] { false, true })
        {
            Assert.Equal(200, (await gateway.SendAsync("alone", stream)).Status);
        }

        Assert.All(
            await gateway.LogEntriesAsync(2),
            e =>
                Assert.Equal(
                    (input, output, cached, false),
                    (e.InputTokens, e.OutputTokens, e.CacheReadTokens, e.Estimated)
                )
        );
    }
}
