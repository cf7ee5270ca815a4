using System.Text;
using System.Text.Json.Nodes;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>Mistral sends reasoning, and with it the answer, in parts of the content.</summary>
public sealed class ContentPartsResponseTests
{
    private const string Thinking =
        """{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"Done"}""";

    private const string Chunk =
        """{"id":"1","object":"chat.completion.chunk","created":1,"model":"model-a","choices":[{"index":0,""";

    private const string Events =
        $"data: {Chunk}\"delta\":{{\"content\":[{Thinking}]}},\"finish_reason\":null}}]}}\n\n"
        + $"data: {Chunk}\"delta\":{{\"content\":\" now\"}},\"finish_reason\":\"stop\"}}]}}\n\ndata: [DONE]\n\n";

    private const string Whole =
        $$"""
        {"id":"1","object":"chat.completion","created":1,"model":"model-a","choices":[{"index":0,
         "message":{"role":"assistant","content":[{{Thinking}},{"type":"text","text":" now"}]},"finish_reason":"stop"}]}
        """;

    [Theory]
    [InlineData(Whole, "application/json")]
    [InlineData(Events, "text/event-stream")]
    public async Task Messages_ContentInParts_KeepsTextAndThinking(string body, string contentType)
    {
        var message = await SendAsync(
            "/v1/messages",
            """{"model":"alone","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""",
            body,
            contentType
        );

        Assert.Equal("hm", (string?)message["content"]![0]!["thinking"]);
        Assert.Equal("Done now", (string?)message["content"]![1]!["text"]);
    }

    [Theory]
    [InlineData(Whole, "application/json")]
    [InlineData(Events, "text/event-stream")]
    public async Task Responses_ContentInParts_KeepsTextAndReasoning(string body, string contentType)
    {
        var response = await SendAsync("/v1/responses", """{"model":"alone","input":"Hi"}""", body, contentType);

        Assert.Equal("hm", (string?)response["output"]![0]!["content"]![0]!["text"]);
        Assert.Equal("Done now", (string?)response["output"]![1]!["content"]![0]!["text"]);
    }

    /// <summary>OpenAI's SDK expects a string.</summary>
    [Fact]
    public async Task Chat_ContentInParts_GetsStringAndReasoning()
    {
        var message = (await ChatAsync("false", Whole, "application/json"))["choices"]![0]!["message"]!;

        Assert.Equal("Done now", (string?)message["content"]);
        Assert.Equal("hm", (string?)message["reasoning_content"]);
    }

    [Theory]
    [InlineData(Whole, "application/json")]
    [InlineData(Events, "text/event-stream")]
    public async Task ChatStream_ContentInParts_GetsStrings(string body, string contentType)
    {
        var deltas = (await ChatAsync("true", body, contentType))["deltas"]!.AsArray();

        Assert.Equal("Done now", string.Concat(deltas.Select(d => (string?)d!["content"])));
        Assert.Equal("hm", string.Concat(deltas.Select(d => (string?)d!["reasoning_content"])));
    }

    [Fact]
    public async Task Chat_ContentInOtherParts_IsForwardedUnchanged()
    {
        var parts = """[{"type":"image_url","image_url":{"url":"https://x/y.png"}}]""";
        var body = $$$"""
            {"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,
             "message":{"role":"assistant","content":{{{parts}}}},"finish_reason":"stop"}]}
            """;
        var message = (await ChatAsync("false", body, "application/json"))["choices"]![0]!["message"]!;

        Assert.Equal(parts, message["content"]!.ToJsonString());
    }

    private static async Task<JsonNode> ChatAsync(string stream, string body, string contentType)
    {
        var text = await SendTextAsync(
            "/v1/chat/completions",
            $$"""{"model":"alone","messages":[{"role":"user","content":"Hi"}],"stream":{{stream}}}""",
            body,
            contentType
        );
        return stream == "false"
            ? JsonNode.Parse(text)!
            : new JsonObject
            {
                ["deltas"] = new JsonArray([
                    .. text.Split('\n')
                        .Where(l => l.StartsWith("data: {", StringComparison.Ordinal))
                        .Select(l => JsonNode.Parse(l["data: ".Length..])!["choices"]![0]!["delta"]!.DeepClone()),
                ]),
            };
    }

    private static async Task<JsonNode> SendAsync(string path, string request, string body, string contentType) =>
        JsonNode.Parse(await SendTextAsync(path, request, body, contentType))!;

    private static async Task<string> SendTextAsync(string path, string request, string body, string contentType)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.BodyAsync(Encoding.UTF8.GetBytes(body), contentType);
        using var content = new StringContent(request, Encoding.UTF8, "application/json");
        var response = gateway.Client.PostAsync(path, content);
        await gateway.RunAsync(response);
        return await (await response).Content.ReadAsStringAsync();
    }
}
