using System.Net.ServerSentEvents;
using System.Text.Json;

namespace CogniForge.Llm.Tests.Mock;

/// <summary>The mock supports stop sequences and log probabilities.</summary>
public class MockChatTests(LlmService service) : IClassFixture<LlmService>
{
    [Theory]
    [InlineData("\"Hel\"", "You said: ")]
    [InlineData("[\"nowhere\",\"lo\",\"said\"]", "You ")]
    [InlineData("\"You\"", "")]
    [InlineData("[\"nowhere\"]", "You said: Hello")]
    [InlineData("null", "You said: Hello")]
    public async Task Stop_Found_EndsResponseBeforeIt(string stop, string expected)
    {
        var choice = await SendAsync(
            $$"""{"model":"mock","messages":[{"role":"user","content":"Hello"}],"stop":{{stop}}}"""
        );
        Assert.Equal(
            (expected, "stop"),
            (
                choice.GetProperty("message").GetProperty("content").GetString(),
                choice.GetProperty("finish_reason").GetString()
            )
        );

        var chunks = await StreamAsync(
            $$"""{"model":"mock","messages":[{"role":"user","content":"Hello"}],"stop":{{stop}},"stream":true}"""
        );
        Assert.Equal(
            expected,
            string.Concat(
                chunks.Select(c =>
                    c.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : ""
                )
            )
        );
        Assert.Equal("stop", chunks[^1].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Stop_AnthropicStopSequences_EndResponse()
    {
        using var response = await service.Client.PostAsync(
            "/v1/messages",
            """
            {"model":"mock","max_tokens":100,"messages":[{"role":"user","content":"Hello"}],"stop_sequences":["Hel"]}
            """
        );
        var message = await response.ReadAsync(200);
        Assert.Equal("You said: ", message.GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Stop_BeyondTokenLimit_HasNoEffect()
    {
        var choice = await SendAsync(
            """{"model":"mock","messages":[{"role":"user","content":"Hello"}],"stop":"lo","max_tokens":2}"""
        );
        Assert.Equal(
            ("You said", "length"),
            (
                choice.GetProperty("message").GetProperty("content").GetString(),
                choice.GetProperty("finish_reason").GetString()
            )
        );
    }

    [Fact]
    public async Task Logprobs_Requested_AreDeterministicAndEqualWhenStreamed()
    {
        const string Request =
            """{"model":"mock","messages":[{"role":"user","content":"Grüße"}],"logprobs":true,"top_logprobs":3""";
        var whole = (await SendAsync(Request + "}"))
            .GetProperty("logprobs")
            .GetProperty("content")
            .EnumerateArray()
            .Select(t => t.GetRawText())
            .ToList();
        Assert.Equal(
            whole,
            (await SendAsync(Request + "}"))
                .GetProperty("logprobs")
                .GetProperty("content")
                .EnumerateArray()
                .Select(t => t.GetRawText())
        );

        var chunks = await StreamAsync(Request + ""","stream":true}""");
        var streamed = chunks
            .Where(c => c.TryGetProperty("logprobs", out var l) && l.ValueKind == JsonValueKind.Object)
            .ToList();
        Assert.Equal(
            whole,
            streamed
                .SelectMany(c => c.GetProperty("logprobs").GetProperty("content").EnumerateArray())
                .Select(t => t.GetRawText())
        );
        Assert.All(
            streamed,
            c =>
                Assert.Equal(
                    c.GetProperty("delta").GetProperty("content").GetString(),
                    c.GetProperty("logprobs").GetProperty("content")[0].GetProperty("token").GetString()
                )
        );

        var tokens = whole.Select(t => JsonElement.Parse(t)).ToList();
        Assert.Equal(
            "You said: Grüße"u8.ToArray(),
            tokens.SelectMany(t => t.GetProperty("bytes").EnumerateArray()).Select(b => b.GetByte())
        );
        Assert.All(tokens, t => Assert.Equal(3, t.GetProperty("top_logprobs").GetArrayLength()));
        Assert.All(
            tokens,
            t =>
                Assert.InRange(
                    t.GetProperty("top_logprobs")
                        .EnumerateArray()
                        .Sum(a => Math.Exp(a.GetProperty("logprob").GetDouble())),
                    0.5,
                    1
                )
        );
    }

    [Theory]
    [InlineData("\"top_logprobs\":2")]
    [InlineData("\"logprobs\":true,\"top_logprobs\":21")]
    [InlineData("\"logprobs\":true,\"top_logprobs\":\"two\"")]
    public async Task Logprobs_Invalid_ReturnsBadRequest(string fields)
    {
        using var response = await service.Client.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"mock","messages":[{"role":"user","content":"Hello"}],{{fields}}}"""
        );
        await OpenAiError.ReadAsync(response, 400);
    }

    private async Task<JsonElement> SendAsync(string body)
    {
        using var response = await service.Client.PostAsync("/v1/chat/completions", body);
        return (await response.ReadAsync(200)).GetProperty("choices")[0];
    }

    private async Task<List<JsonElement>> StreamAsync(string body)
    {
        using var response = await service.Client.PostAsync("/v1/chat/completions", body);
        var items = await SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync().ToListAsync();
        return
        [
            .. items
                .Where(i => i.Data != "[DONE]")
                .SelectMany(i => JsonElement.Parse(i.Data).GetProperty("choices").EnumerateArray()),
        ];
    }
}
