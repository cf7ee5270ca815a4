using System.Text.Json;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Api;

/// <summary>Names from clients and providers end up in headers, logs and metrics, so their length is limited.</summary>
public class NameBoundsTests(LlmService service) : IClassFixture<LlmService>
{
    public static TheoryData<string> Paths =>
        ["/v1/chat/completions", "/v1/responses", "/v1/embeddings", "/v1/messages", "/v1/messages/count_tokens"];

    [Theory, MemberData(nameof(Paths))]
    public async Task Model_TwoHundredCharacters_IsAccepted(string path)
    {
        using var response = await service.Client.PostAsync(path, Body($"mock-{new string('x', 195)}"));
        await response.ReadAsync(200);
    }

    [Theory, MemberData(nameof(Paths))]
    public async Task Model_TooLongOrControlCharacters_IsRejected(string path)
    {
        foreach (
            var model in new[]
            {
                $"mock-{new string('x', 196)}",
                $"mock/{new string('x', 1_000_000)}",
                "mock-\0",
                "mock-\n",
                "mock-\u0085",
            }
        )
        {
            using var response = await service.Client.PostAsync(path, Body(model));
            var error = (await response.ReadAsync(400)).GetProperty("error");
            Assert.Equal(
                "model must be 1 to 200 characters, without control characters",
                error.GetProperty("message").GetString()
            );
        }
    }

    [Theory]
    [InlineData("/v1/chat/completions", "user")]
    [InlineData("/v1/chat/completions", "prompt_cache_key")]
    [InlineData("/v1/responses", "safety_identifier")]
    [InlineData("/v1/embeddings", "user")]
    [InlineData("/v1/messages", "metadata.user_id")]
    [InlineData("/v1/messages/count_tokens", "metadata.user_id")]
    public async Task User_TooLong_IsRejected(string path, string field)
    {
        using var longest = await service.Client.PostAsync(path, Body("mock", field, new string('u', 512)));
        await longest.ReadAsync(200);
        using var longer = await service.Client.PostAsync(path, Body("mock", field, new string('u', 513)));
        Assert.Equal(
            $"{field} must be at most 512 characters",
            (await longer.ReadAsync(400)).GetProperty("error").GetProperty("message").GetString()
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LogEntry_LongProviderTexts_AreTruncated(bool stream)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        var (model, finish) = (
            $"m\\u0000{new string('x', 197)}\\ud83d\\ude00{new string('y', 100_000)}",
            $"f\\u0000{new string('x', 100_000)}"
        );
        gateway.Primary.Behaviour = async call =>
        {
            var content = stream ? "delta" : "message";
            var choice =
                $$$"""[{"index":0,"{{{content}}}":{"role":"assistant","content":"Hello"},"""
                + $"\"finish_reason\":\"{finish}\"}}]";
            var response =
                $$"""{"id":"1","object":"chat.completion","created":1,"model":"{{model}}","choices":{{choice}}}""";
            if (!stream)
            {
                await call.JsonAsync(200, response);
                return;
            }

            await call.DataAsync(response);
            await call.DoneAsync();
        };

        await gateway.SendAsync("alone", stream);

        var entry = Assert.Single(await gateway.LogEntriesAsync(1));
        Assert.Equal("m " + new string('x', 197), entry.Model); // the emoji at position 200 is dropped, not split
        Assert.Equal("f " + new string('x', 198), entry.FinishReason);
    }

    [Fact]
    public async Task DroppedHeader_LongFieldName_IsTruncated()
    {
        // The translation to OpenAI's format drops content blocks of unknown types.
        await using var gateway = await FaultyGateway.StartAsync();
        var body =
            $$"""
            {"model":"alone","max_tokens":9,"messages":[{"role":"user","content":[
              {"type":"text","text":"Hi"},{"type":"{{new string('x', 50_000)}}"}]}]}
            """;
        var send = gateway.Client.PostAsync("/v1/messages", body);
        await gateway.RunAsync(send);
        using var response = await send;
        Assert.True(response.IsSuccessStatusCode);
        Assert.InRange(response.Headers.GetValues("x-cogniforge-dropped").Single().Length, 1, 510);
    }

    private static string Body(string model, string? field = null, string? value = null)
    {
        var body = new Dictionary<string, object>
        {
            ["model"] = model,
            ["input"] = "Hi",
            ["max_tokens"] = 9,
            ["messages"] = new[] { new { role = "user", content = "Hi" } },
        };
        if (field is "metadata.user_id")
        {
            body["metadata"] = new { user_id = value };
        }
        else if (field is not null)
        {
            body[field] = value!;
        }

        return JsonSerializer.Serialize(body);
    }
}
