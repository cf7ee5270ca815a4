using System.Text.Json;

namespace CogniForge.Llm.Tests.Api;

public class ChatCompletionsTests(LlmService service) : IClassFixture<LlmService>
{
    private const string Path = "/v1/chat/completions";

    [Fact]
    public async Task Post_Conversation_ReturnsOpenAIFormat()
    {
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        using var response = await service.Client.PostAsync(
            Path,
            """
            {"model":"mock","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"}]}
            """
        );
        var completion = await response.ReadAsync(200);

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["choices", "created", "id", "model", "object", "usage"], Names(completion));
        Assert.StartsWith("chatcmpl-", completion.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("chat.completion", completion.GetProperty("object").GetString());
        Assert.InRange(
            completion.GetProperty("created").GetInt64(),
            before,
            TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()
        );
        Assert.Equal("mock", completion.GetProperty("model").GetString());

        var choice = Assert.Single(completion.GetProperty("choices").EnumerateArray());
        Assert.Equal(["finish_reason", "index", "logprobs", "message"], Names(choice));
        Assert.Equal(0, choice.GetProperty("index").GetInt32());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal("assistant", choice.GetProperty("message").GetProperty("role").GetString());
        Assert.Equal("You said: Hello", choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("message").GetProperty("refusal").ValueKind);

        // A token is four characters: "Be brief." is 3 tokens, "Hello" 2, "You said: Hello" 4.
        Assert.Equal(
            """{"prompt_tokens":5,"completion_tokens":4,"total_tokens":9}""",
            completion.GetProperty("usage").GetRawText()
        );
    }

    [Fact]
    public async Task Post_SameConversation_HasNewId()
    {
        var ids = new List<string?>();
        for (var i = 0; i < 2; i++)
        {
            ids.Add(
                (await ChatAsync("""{"model":"mock","messages":[{"role":"user","content":"a"}]}"""))
                    .GetProperty("id")
                    .GetString()
            );
        }

        Assert.NotEqual(ids[0], ids[1]);
    }

    [Theory]
    [InlineData(
        """
        [{"type":"text","text":"He"},{"type":"image_url","image_url":{"url":"data:"}},{"type":"text","text":"llo"}]
        """,
        "You said: Hello"
    )]
    [InlineData("[]", "You said: ")]
    [InlineData("""  "\ud83d\ude00 \u00e9"  """, "You said: 😀 é")]
    public async Task Post_AnyContentFormat_IsRead(string content, string expected)
    {
        var response = await ChatAsync($$"""{"model":"mock","messages":[{"role":"user","content":{{content}}}]}""");
        Assert.Equal(expected, Text(response));
    }

    [Theory]
    [InlineData("max_tokens")]
    [InlineData("max_completion_tokens")]
    public async Task Post_MaxTokens_TruncatesResponse(string field)
    {
        var response = await ChatAsync(
            $$"""{"model":"mock","messages":[{"role":"user","content":"Hello"}],"{{field}}":2}"""
        );
        Assert.Equal("You said", Text(response));
        Assert.Equal("length", response.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(2, response.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Post_MaxTokensInsideCharacter_KeepsCharactersIntact()
    {
        // "You said: a" has 11 UTF-16 units and the emoji two: three tokens of four units end within the emoji.
        var response = await ChatAsync(
            """{"model":"mock","messages":[{"role":"user","content":"a😀b"}],"max_tokens":3}"""
        );
        Assert.DoesNotContain('\uFFFD', Text(response));
    }

    [Theory]
    [InlineData("\"temperature\":0.2,\"user\":\"u\",\"metadata\":{\"a\":[1,2]}")]
    [InlineData("\"stream\":false,\"stream_options\":null")]
    [InlineData("\"stream\":null,\"max_tokens\":null,\"max_completion_tokens\":null")]
    [InlineData("\"not_in_any_specification\":[{\"x\":null}],\"\\u0000\":1")]
    public async Task Post_UnknownFields_AreAccepted(string fields)
    {
        var response = await ChatAsync(
            $$"""{{{fields}},"model":"mock","messages":[{"role":"user","content":"Hello","name":"n"}]}"""
        );
        Assert.Equal("You said: Hello", Text(response));
    }

    [Fact]
    public async Task Post_ToolCallsOnlyMessage_IsAccepted()
    {
        var response = await ChatAsync(
            """
            {"model":"mock","messages":[
              {"role":"user","content":"Hello"},
              {"role":"assistant","content":null,"tool_calls":[]},
              {"role":"tool","content":"42","tool_call_id":"1"}]}
            """
        );
        Assert.Equal("You said: Hello", Text(response));
    }

    private async Task<JsonElement> ChatAsync(string body)
    {
        using var response = await service.Client.PostAsync(Path, body);
        return await response.ReadAsync(200);
    }

    private static string Text(JsonElement response) =>
        response.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;

    private static IEnumerable<string> Names(JsonElement element) =>
        element.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal);
}
