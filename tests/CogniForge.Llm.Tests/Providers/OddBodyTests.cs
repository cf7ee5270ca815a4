using System.IO.Compression;
using System.Text;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>Bodies of servers and proxies that do not keep the rules are read for what they are.</summary>
public class OddBodyTests
{
    private const string Chunk =
        """{"id":"1","object":"chat.completion.chunk","created":1,"model":"model-a","choices":[{"index":0,""";

    private const string First =
        Chunk + "\"delta\":{\"role\":\"assistant\",\"content\":\"ok\"},\"finish_reason\":null}]}";
    private const string Last = Chunk + "\"delta\":{},\"finish_reason\":\"stop\"}]}";
    private const string Events = $"data: {First}\n\ndata: {Last}\n\ndata: [DONE]\n\n";
    private const string Whole =
        """{"id":"1","object":"chat.completion","created":1,"model":"model-a","choices":[{"index":0,"""
        + """ "message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"""
        + """ "usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}""";

    /// <summary>
    /// APIM and other proxies lose or replace the type (sigoden/aichat#651, microsoft/foundry-dev-tools#195,
    /// agentgateway/agentgateway#1490), and some servers ignore the field "stream" (huggingface/chat-ui#430).
    /// </summary>
    [Theory]
    [InlineData("text/plain", Events)]
    [InlineData("application/octet-stream", Events)]
    [InlineData("application/json", Events)]
    [InlineData("text/event-stream", Events)]
    [InlineData("application/vnd.amazon.eventstream", $": comment\n{Events}")]
    [InlineData(null, Events)]
    [InlineData("text/event-stream", Whole)]
    [InlineData("text/plain", Whole)]
    [InlineData(null, Whole)]
    [InlineData("application/json", $"\n\n \n{Whole}")]
    public async Task ContentType_Any_IsReadByBody(string? contentType, string body)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.BodyAsync(Encoding.UTF8.GetBytes(body), contentType);
        await AssertOkAsync(gateway, stream: true);
        await AssertOkAsync(gateway, stream: false);
    }

    /// <summary>
    /// A last event without a blank line (openai/openai-node#2725, anomalyco/opencode#40454), no space after the colon
    /// (dataelement/Clawith#106), blank data (Growth-Circle/cadis#2329), a comment as data (mnfst/llm-gateway#2053).
    /// </summary>
    [Theory]
    [InlineData($"data: {First}\n\ndata: {Last}")]
    [InlineData($"data: {First}\n\ndata: {Last}\n")]
    [InlineData($"data: {First}\r\n\r\ndata: {Last}\r\n\r\ndata: [DONE]")]
    [InlineData($"data: {First}\r\rdata: {Last}\r")]
    [InlineData($"data:{First}\n\ndata:{Last}\n\ndata:[DONE]\n\n")]
    [InlineData($"data: {First} \n\ndata: {Last}\t\n\ndata: [DONE] \n\n")]
    [InlineData($"\uFEFFdata: {First}\n\ndata: {Last}\n\n")]
    [InlineData($"\r\n\r\n\uFEFF{Events}")]
    [InlineData($"{Events}data: [DONE]\n\ndata: [DONE]\n\n")]
    [InlineData($"data:\n\ndata: {First}\n\ndata: \n\ndata: {Last}\n\n")]
    [InlineData($"data: : OPENROUTER PROCESSING\n\n{Events}")]
    [InlineData($"id: 1\nretry: 5\n\nid: 2\ndata: {First}\n\ndata: {Last}\n\n")]
    [InlineData($"data: {First}\n\ndata: {Last}\n\ndata: {{\"id\":\"cut sho")]
    public async Task Events_OddLines_AreRead(string body)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.BodyAsync(Encoding.UTF8.GetBytes(body), "text/event-stream");
        await AssertOkAsync(gateway, stream: true);
        await AssertOkAsync(gateway, stream: false);
    }

    [Theory]
    [InlineData($"\uFEFF{Whole}")]
    [InlineData($"{Whole}\r\n\r\n")]
    public async Task Json_OddEnds_IsRead(string body)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.BodyAsync(Encoding.UTF8.GetBytes(body), "application/json");
        await AssertOkAsync(gateway, stream: false);
        await AssertOkAsync(gateway, stream: true);
    }

    /// <summary>
    /// Proxies compress although the request accepts no encoding (Anionex/agent-vision-toolkit#36,
    /// Soju06/codex-lb#77, LuthienResearch/luthien_control#1), or decompress and keep the header
    /// (freelensapp/freelens-ai-extension#272).
    /// </summary>
    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("raw deflate")]
    [InlineData("identity")]
    [InlineData("br, GZIP")]
    [InlineData("plain gzip")]
    [InlineData("utf-8")]
    public async Task Body_Compressed_IsRead(string encoding)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call =>
        {
            Assert.False(call.Headers.ContainsKey("Accept-Encoding"));
            call.SetHeader("Content-Encoding", encoding.Split("raw ")[^1].Split("plain ")[^1]);
            var body = call.IsStream ? Events : Whole;
            return call.BodyAsync(
                encoding.Split(", ").Aggregate(Encoding.UTF8.GetBytes(body), Compress),
                call.IsStream ? "text/event-stream" : "application/json"
            );
        };
        await AssertOkAsync(gateway, stream: true);
        await AssertOkAsync(gateway, stream: false);
    }

    /// <summary>The client learns the reason of an error that is compressed (lablup/backend.ai#5771).</summary>
    [Fact]
    public async Task Error_Compressed_KeepsReason()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call =>
        {
            call.SetHeader("Content-Encoding", "gzip");
            call.SetStatus(400);
            return call.BodyAsync(
                Compress("""{"error":{"message":"Too odd.","type":"invalid_request_error"}}"""u8.ToArray(), "gzip"),
                "application/json"
            );
        };
        var reply = await gateway.SendAsync("alone", stream: false);
        Assert.Equal(400, reply.Status);
        Assert.Contains("Too odd.", reply.Error!.Value.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("gzip", false)]
    [InlineData("br", true)]
    public async Task Bomb_Compressed_IsCutAtLimit(string encoding, bool stream)
    {
        // The clock is twenty times as fast as the machine, which decompresses for a while.
        await using var gateway = await FaultyGateway.StartAsync(
            ("Timeouts:FirstToken", "01:00:00"),
            ("Timeouts:Silence", "01:00:00"),
            ("Timeouts:Answer", "01:00:00"),
            ("Timeouts:Total", "01:00:00")
        );
        var body = Encoding.UTF8.GetBytes((stream ? ":" : "{") + new string(' ', (64 << 20) + 1));
        var bomb = Compress(body, encoding);
        gateway.Primary.Behaviour = call =>
        {
            call.SetHeader("Content-Encoding", encoding);
            return call.BodyAsync(bomb, call.IsStream ? "text/event-stream" : "application/json");
        };
        var reply = await gateway.SendAsync("alone", stream);
        Assert.Equal(502, reply.Status);
        Assert.Contains(stream ? "16 MiB" : "64 MiB", reply.Error!.Value.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip", "1f8b is not all")]
    [InlineData("br", "not brotli at all, surely not")]
    [InlineData("deflate", "x\u0001 not deflate")]
    [InlineData("rot13", "anything")]
    public async Task Body_Undecodable_FallsBack(string encoding, string body)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call =>
        {
            call.SetHeader("Content-Encoding", encoding);
            return call.BodyAsync(Encoding.Latin1.GetBytes(body), "application/json");
        };
        foreach (var stream in new[] { false, true })
        {
            var reply = await gateway.SendAsync("both", stream);
            Assert.Equal((200, "Hello", "model-b"), (reply.Status, reply.Text, reply.Model));
        }
    }

    /// <summary>
    /// Relays send empty chunks as heartbeats: the client gets what opens the message and then the output.
    /// </summary>
    [Theory]
    [InlineData("\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}")]
    [InlineData("\"delta\":{},\"finish_reason\":null}]}")]
    [InlineData("\"delta\":{\"content\":null},\"finish_reason\":null}]}")]
    public async Task EmptyChunks_VeryMany_PrecedeOutput(string empty)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            for (var i = 0; i < 500; i++)
            {
                await call.DataAsync(Chunk + empty);
            }

            await call.ChunkAsync("ok");
            await call.FinishAsync();
            await call.DoneAsync();
        };
        await AssertOkAsync(gateway, stream: true);
    }

    /// <summary>A content block that opens after very many pings is not dropped.</summary>
    [Fact]
    public async Task Pings_VeryMany_KeepBlocks()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.WriteAsync(
                """
                event: message_start
                data: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant",
                data: "model":"claude-a","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}


                """
            );
            for (var i = 0; i < 300; i++)
            {
                await call.WriteAsync("event: ping\ndata: {\"type\":\"ping\"}\n\n");
            }

            await call.WriteAsync(
                """
                event: content_block_start
                data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

                event: content_block_delta
                data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"ok"}}

                event: content_block_stop
                data: {"type":"content_block_stop","index":0}

                event: message_delta
                data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}

                event: message_stop
                data: {"type":"message_stop"}


                """
            );
        };
        using var response = await gateway.Client.PostAsync(
            "/v1/messages",
            """{"model":"mixed","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"Hi"}]}"""
        );
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(
            ["message_start", "content_block_start", "content_block_delta", "content_block_stop"],
            text.Split('\n')
                .Where(l => l.StartsWith("event: ", StringComparison.Ordinal) && l != "event: ping")
                .Select(l => l[7..])
                .Take(4)
        );
    }

    private static async Task AssertOkAsync(FaultyGateway gateway, bool stream)
    {
        var reply = await gateway.SendAsync("alone", stream);
        Assert.Equal(
            (200, "ok", "stop", "model-a", true, null),
            (reply.Status, reply.Text, reply.Finish, reply.Model, reply.IsDone, reply.Error?.GetRawText())
        );
    }

    private static byte[] Compress(byte[] bytes, string encoding)
    {
        using var compressed = new MemoryStream();
        using (
            Stream stream = encoding switch
            {
                "br" => new BrotliStream(compressed, CompressionLevel.Fastest),
                "deflate" => new ZLibStream(compressed, CompressionLevel.Fastest),
                "raw deflate" => new DeflateStream(compressed, CompressionLevel.Fastest),
                "identity" or "utf-8" or "plain gzip" => new MemoryStream(),
                _ => new GZipStream(compressed, CompressionLevel.Fastest),
            }
        )
        {
            if (stream is MemoryStream)
            {
                return bytes;
            }

            stream.Write(bytes);
        }

        return compressed.ToArray();
    }
}
