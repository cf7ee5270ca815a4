using System.Net.Sockets;
using System.Text;
using CogniForge.Llm.Tests.Servers;
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

    /// <summary>A client that waits before it sends the rest gets its response, too.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Form_ProviderHangsUp_Returns502(bool resets, bool sendsRest)
    {
        const int Size = 4_000_000;
        await using var provider = new HangingUpProvider(resets);
        var name = $"gone-{resets}-{sendsRest}".ToLowerInvariant();
        using var put = await gateway.Client.PutAsync(
            $"/api/v1/llm/providers/{name}",
            $$"""{"kind":"openAICompatible","baseUrl":"{{provider.BaseUrl}}"}"""
        );
        put.EnsureSuccessStatusCode();
        using var key = await gateway.NewKeyAsync();
        var start = $"""
            --b
            Content-Disposition: form-data; name="model"

            {name}/whisper
            --b
            Content-Disposition: form-data; name="file"; filename="a.mp3"


            """.ReplaceLineEndings("\r\n");
        using var socket = new TcpClient(gateway.Address.Host, gateway.Address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /v1/audio/transcriptions HTTP/1.1\r\nHost: {gateway.Address.Authority}\r\n"
                    + $"Authorization: {key.DefaultRequestHeaders.Authorization}\r\nContent-Length: {Size}\r\n"
                    + $"Content-Type: multipart/form-data; boundary=b\r\n\r\n{start}"
            )
        );
        var end = "\r\n--b--\r\n"u8.ToArray();
        var file = new byte[Size - start.Length - end.Length];
        await stream.WriteAsync(file.AsMemory(0, 100_000));
        if (sendsRest)
        {
            await stream.WriteAsync(file.AsMemory(100_000));
            await stream.WriteAsync(end);
        }

        using var reader = new StreamReader(stream);
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        Assert.Equal("HTTP/1.1 502 Bad Gateway", await reader.ReadLineAsync(timeout.Token));
    }
}
