using Microsoft.AspNetCore.Http;

namespace CogniForge.Llm.Tests.PassThrough;

/// <summary>Responses that break off, at the provider or at the client, are logged with what arrived.</summary>
public sealed class PassThroughFaultTests(PassThroughGateway gateway) : IClassFixture<PassThroughGateway>
{
    [Fact]
    public async Task Speech_CorruptCompression_Returns502AndIsLogged()
    {
        gateway.OpenAi.Respond = async (_, r) =>
        {
            (r.ContentType, r.Headers.ContentEncoding) = ("audio/mpeg", "br");
            await r.Body.WriteAsync(Enumerable.Repeat((byte)0xFF, 100).ToArray());
        };

        using var response = await gateway.Client.PostAsync(
            "/v1/audio/speech",
            """{"model":"openai/tts-broken","voice":"alloy","input":"Hi"}"""
        );

        await OpenAiError.ReadAsync(response, 502);
        Assert.Equal(502, (await gateway.LoggedAsync("tts-broken")).GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Completion_ClientLeavesStream_UsageIsLogged()
    {
        await gateway.SetPriceAsync("instruct-9", """{"input":1,"output":2}""");
        gateway.OpenAi.Respond = async (_, r) =>
        {
            r.ContentType = "text/event-stream";
            await r.WriteAsync(
                "data: {\"choices\":[{\"text\":\"one\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\n\n"
            );
            await r.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, r.HttpContext.RequestAborted);
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions")
        {
            Content = Requests.Json("""{"model":"openai/instruct-9","prompt":"Hi","stream":true}"""),
        };

        using (var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            Assert.NotEmpty((await reader.ReadLineAsync())!);
        }

        Assert.Equal(4, (await gateway.LoggedAsync("instruct-9")).GetProperty("outputTokens").GetInt32());
    }
}
