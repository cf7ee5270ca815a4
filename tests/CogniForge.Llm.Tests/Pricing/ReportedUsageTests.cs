using System.Text;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Protocols.OpenAI.Responses;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Protocols;

namespace CogniForge.Llm.Tests.Pricing;

/// <summary>Usage as providers report it, from public reports of other clients and gateways.</summary>
public class ReportedUsageTests
{
    [Theory]
    // Wei-Shaw/sub2api#5771: xAI's reasoning is in the total alone; the provider's own cost agrees.
    [InlineData(
        """
        {"prompt_tokens":10120,"completion_tokens":1499,"total_tokens":14428,
         "prompt_tokens_details":{"cached_tokens":128},"completion_tokens_details":{"reasoning_tokens":2809}}
        """,
        9_992,
        128,
        4_308,
        2_809
    )]
    // vercel/ai#12425
    [InlineData(
        """
        {"prompt_tokens":12,"completion_tokens":1,"total_tokens":399,
         "completion_tokens_details":{"reasoning_tokens":386}}
        """,
        12,
        0,
        387,
        386
    )]
    // promptfoo#9507: here it is a part of the output, and must not be charged twice.
    [InlineData(
        """
        {"prompt_tokens":500,"completion_tokens":500,"total_tokens":1000,
         "completion_tokens_details":{"reasoning_tokens":200}}
        """,
        500,
        0,
        500,
        200
    )]
    // router-for-me/CLIProxyAPI#5733: Gemini returned reasoning, and no text.
    [InlineData(
        """
        {"prompt_tokens":21,"completion_tokens":0,"total_tokens":81,
         "completion_tokens_details":{"reasoning_tokens":60}}
        """,
        21,
        0,
        60,
        60
    )]
    // vercel/ai#12352, bike4mind#1089: Kimi has cached tokens beside the counts, in both spellings.
    [InlineData(
        """
        {"prompt_tokens":2989,"completion_tokens":7,"total_tokens":2996,"cached_tokens":2989,
         "prompt_tokens_details":{"cached_tokens":2989}}
        """,
        0,
        2_989,
        7,
        0
    )]
    // Relays keep the usual name at zero beside the own one of DeepSeek.
    [InlineData(
        """
        {"prompt_tokens":1000,"completion_tokens":5,"total_tokens":1005,"prompt_cache_hit_tokens":900,
         "prompt_tokens_details":{"cached_tokens":0}}
        """,
        100,
        900,
        5,
        0
    )]
    // Relays write counts as texts.
    [InlineData("""{"prompt_tokens":"12","completion_tokens":"5","total_tokens":"17"}""", 12, 0, 5, 0)]
    // earendil-works/pi#2048: the prompt does not include its cached tokens, as in Anthropic's API.
    [InlineData(
        """
        {"prompt_tokens":10,"completion_tokens":5,"total_tokens":915,"prompt_tokens_details":{"cached_tokens":900}}
        """,
        10,
        900,
        5,
        0
    )]
    [InlineData(
        """{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":900}}""",
        10,
        900,
        5,
        0
    )]
    // AstrBotDevs/AstrBot#9905, promptfoo#9908: more cached tokens than the total has room for.
    [InlineData(
        """
        {"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":900}}
        """,
        0,
        10,
        5,
        0
    )]
    // vercel/ai#14889: Mistral's own names.
    [InlineData(
        """{"prompt_tokens":100,"completion_tokens":5,"total_tokens":105,"num_cached_tokens":64}""",
        36,
        64,
        5,
        0
    )]
    [InlineData(
        """
        {"prompt_tokens":100,"completion_tokens":5,"total_tokens":105,"prompt_token_details":{"cached_tokens":64}}
        """,
        36,
        64,
        5,
        0
    )]
    // A negative or absurd count is none, and the total may still tell it.
    [InlineData("""{"prompt_tokens":-10,"completion_tokens":5,"total_tokens":15}""", 10, 0, 5, 0)]
    [InlineData("""{"prompt_tokens":12,"completion_tokens":9000000000,"total_tokens":17}""", 12, 0, 5, 0)]
    [InlineData(
        """
        {"prompt_tokens":12,"completion_tokens":5,"total_tokens":17,"prompt_tokens_details":{"cached_tokens":-3},
         "completion_tokens_details":{"reasoning_tokens":99}}
        """,
        12,
        0,
        5,
        5
    )]
    public void Chat_ReportedUsage_IsRead(string usage, int fresh, int cached, int output, int reasoning)
    {
        var expected = new TokenUsage(fresh, output, cached, Reasoning: reasoning);
        Assert.Equal(expected, new ChatAdapter().Read(Wire.Json("""{"choices":[{}],"usage":""" + usage + "}")).Usage);
        Assert.Equal(expected, new ChatAdapter().Read(Wire.Json("""{"choices":[{"usage":""" + usage + "}]}")).Usage);

        // northes/go-moonshot#17: in the choice with the finish reason; mlx-dspark#37: beside a choice after it.
        foreach (
            var chunk in new[]
            {
                """{"choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":""" + usage + "}]}",
                """{"choices":[{"index":0,"delta":{}}],"usage":""" + usage + "}",
                """{"choices":[],"usage":""" + usage + "}",
                // vercel/ai#1651: Groq, unless the request asks for the usage in OpenAI's place.
                """{"choices":[],"x_groq":{"id":"r","usage":""" + usage + "}}",
            }
        )
        {
            var reader = new ChatAdapter().CreateStreamReader();
            reader.Read(Event("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}"""));
            reader.Read(Event(chunk));
            Assert.Equal(expected, reader.Metadata.Usage);
        }
    }

    /// <summary>Cache writes cost more; Qwen and relays of Claude report them by Anthropic's name.</summary>
    [Theory]
    // BerriAI/litellm#40090
    [InlineData(
        """
        {"prompt_tokens":100,"completion_tokens":5,"total_tokens":105,"prompt_tokens_details":{"cached_tokens":30,
         "cache_creation_input_tokens":20,"cache_creation":{"ephemeral_5m_input_tokens":20}}}
        """
    )]
    [InlineData(
        """
        {"prompt_tokens":100,"completion_tokens":5,"total_tokens":105,"cache_read_input_tokens":30,
         "cache_creation_input_tokens":20,"prompt_tokens_details":{"cached_tokens":30,"cache_write_tokens":0}}
        """
    )]
    public void Chat_CacheWrites_AreRead(string usage) =>
        Assert.Equal(
            new TokenUsage(50, 5, 30, 20),
            new ChatAdapter().Read(Wire.Json("""{"choices":[{}],"usage":""" + usage + "}")).Usage
        );

    /// <summary>The total counts in the Responses API too.</summary>
    [Fact]
    public void Responses_ReasoningInTotalOnly_IsRead() =>
        Assert.Equal(
            new TokenUsage(12, 387, Reasoning: 387 - 1),
            new ResponsesAdapter()
                .Read(
                    Wire.Json(
                        """
                        {"status":"completed","output":[],"usage":{"input_tokens":12,"output_tokens":1,
                         "total_tokens":399,"output_tokens_details":{"reasoning_tokens":386}}}
                        """
                    )
                )
                .Usage
        );

    [Theory]
    // tensorzero#5481, agent-framework#7143: counts of message_delta are cumulative, 15 and not 16.
    [InlineData("""{"output_tokens":15}""", 25, 0, 15)]
    // mnfst/llm-gateway#2057, experiential 0.7.13: a search adds to the input.
    [InlineData("""{"input_tokens":140,"cache_read_input_tokens":7123,"output_tokens":510}""", 140, 7_123, 510)]
    // envoyproxy/ai-gateway#1631: relays send zeros for what does not change.
    [InlineData("""{"input_tokens":0,"cache_read_input_tokens":0,"output_tokens":15}""", 25, 0, 15)]
    public void Messages_StreamedUsage_LastCounts(string delta, int fresh, int cached, int output)
    {
        var reader = new MessagesAdapter().CreateStreamReader();
        reader.Read(
            Event("""{"type":"message_start","message":{"usage":{"input_tokens":25,"output_tokens":1}}}""")
        );
        reader.Read(Event("""{"type":"message_delta","delta":{},"usage":{"output_tokens":3}}"""));
        reader.Read(
            Event("""{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":""" + delta + "}")
        );
        Assert.Equal(new TokenUsage(fresh, output, cached), reader.Metadata.Usage);
    }

    /// <summary>pydantic/pydantic-ai#5065: the counts leave out the compaction, which costs as much.</summary>
    [Fact]
    public void Messages_Iterations_AreSummed()
    {
        const string Usage = """
            {"input_tokens":10,"cache_read_input_tokens":3,"output_tokens":5,"iterations":[
              {"type":"compaction","input_tokens":100,"cache_creation_input_tokens":7,"output_tokens":20},
              {"type":"message","input_tokens":10,"cache_read_input_tokens":3,"output_tokens":5}]}
            """;
        var expected = new TokenUsage(110, 25, 3, 7);
        Assert.Equal(expected, new MessagesAdapter().Read(Wire.Json("""{"usage":""" + Usage + "}")).Usage);

        var reader = new MessagesAdapter().CreateStreamReader();
        reader.Read(
            Event("""{"type":"message_start","message":{"usage":{"input_tokens":10,"output_tokens":1}}}""")
        );
        reader.Read(
            Event("""{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":""" + Usage + "}")
        );
        Assert.Equal(expected, reader.Metadata.Usage);
    }

    /// <summary>A complete stream does not make the placeholder of its beginning final.</summary>
    [Theory]
    [InlineData(
        """
        {"model":"claude/m","max_tokens":99,"stream":true,"messages":[{"role":"user","content":"Hi"}]}
        """,
        "/v1/messages",
        """{"type":"message_start","message":{"id":"m","usage":{"input_tokens":25,"output_tokens":1}}}""",
        """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"one two three four five"}}""",
        """{"type":"content_block_stop","index":0}""",
        """{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""",
        """{"type":"message_stop"}"""
    )]
    [InlineData(
        """{"model":"alone","stream":true,"messages":[{"role":"user","content":"Hi"}]}""",
        "/v1/chat/completions",
        """
        {"type":"","choices":[{"index":0,"delta":{"content":"one two three four five"}}],
         "usage":{"prompt_tokens":25,"completion_tokens":1,"total_tokens":26}}
        """,
        """{"type":"","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"""
    )]
    public async Task Stream_UsageBeforeItsEnd_IsNotFinal(string body, string path, params string[] events)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.EventsAsync(events);
        using var response = await gateway.Client.PostAsync(path, body);
        await response.Content.ReadAsStringAsync();

        var entry = Assert.Single(await gateway.LogEntriesAsync(1));
        Assert.Equal((200, 25, 5, true), (entry.Status, entry.InputTokens, entry.OutputTokens, entry.Estimated));
    }

    [Theory]
    [InlineData("""{"prompt_tokens":-3,"completion_tokens":-5,"total_tokens":-8}""")]
    [InlineData("""{"prompt_tokens":1e12,"completion_tokens":1e12,"total_tokens":2e12}""")]
    [InlineData("""{"prompt_tokens":"many","completion_tokens":"-1"}""")]
    [InlineData("""{"prompt_tokens":0,"completion_tokens":5}""")]
    public async Task Chat_UnusableCounts_AreEstimated(string usage)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call =>
            call.JsonAsync(
                200,
                """
                {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,
                 "message":{"role":"assistant","content":"one two three four five"},"finish_reason":"stop"}],"usage":
                """
                    + $"{usage}}}"
            );

        await gateway.SendAsync("alone", stream: false);

        var entry = Assert.Single(await gateway.LogEntriesAsync(1));
        Assert.Equal((true, 5), (entry.Estimated, entry.OutputTokens));
        Assert.InRange(entry.InputTokens, 1, 20);
    }

    /// <summary>The client gets it too, before the end that it waits for.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)] // and the finish reason is missing
    public async Task Stream_UsageAfterDone_Counts(bool hasFinishReason)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.ChunkAsync("Hello");
            if (hasFinishReason)
            {
                await call.FinishAsync();
            }

            await call.DoneAsync();
            await call.UsageAsync();
        };

        using var response = await gateway.Client.PostAsync(
            "/v1/chat/completions",
            """
            {"model":"alone","stream":true,"stream_options":{"include_usage":true},
             "messages":[{"role":"user","content":"Hi"}]}
            """
        );
        var text = await response.Content.ReadAsStringAsync();

        var entry = Assert.Single(await gateway.LogEntriesAsync(1));
        Assert.Equal((200, 7, 3, false), (entry.Status, entry.InputTokens, entry.OutputTokens, entry.Estimated));
        Assert.Matches("\"completion_tokens\":3.*\\[DONE\\]\\s*$", text.ReplaceLineEndings(" "));
    }

    [Fact]
    public async Task Stream_OpenAfterDone_EndsForClient()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.ChunkAsync("Hello");
            await call.FinishAsync();
            await call.DoneAsync();
            await call.HangAsync();
        };

        var reply = await gateway.SendAsync("alone", stream: true);

        Assert.Equal((true, "Hello", "stop"), (reply.IsDone, reply.Text, reply.Finish));
        Assert.InRange(reply.Took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.True(Assert.Single(await gateway.LogEntriesAsync(1)).Estimated);
    }

    private static SseEvent Event(string data) => new(null, Encoding.UTF8.GetBytes(data));
}
