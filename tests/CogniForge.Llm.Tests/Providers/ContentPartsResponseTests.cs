using System.Net.Http.Json;
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

    private static async Task<JsonNode> SendAsync(string path, string request, string body, string contentType)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.BodyAsync(Encoding.UTF8.GetBytes(body), contentType);
        using var content = new StringContent(request, Encoding.UTF8, "application/json");
        var response = gateway.Client.PostAsync(path, content);
        await gateway.RunAsync(response);
        return (await (await response).Content.ReadFromJsonAsync<JsonNode>())!;
    }
}
