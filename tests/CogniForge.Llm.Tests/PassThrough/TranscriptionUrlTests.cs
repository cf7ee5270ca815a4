using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace CogniForge.Llm.Tests.PassThrough;

/// <summary>
/// Groq transcribes a <c>url</c>, and Mistral a <c>file_url</c>: no file tells the length, but the response's duration,
/// its last cue or its text.
/// </summary>
public sealed class TranscriptionUrlTests(PassThroughGateway gateway) : IClassFixture<PassThroughGateway>
{
    [Theory]
    [InlineData("url", """{"text":"a","duration":90}""", "0.009", false)]
    [InlineData("file_url", """{"text":"a","usage":{"prompt_audio_seconds":90,"prompt_tokens":4}}""", "0.009", false)]
    [InlineData("url", """{"text":"TEXT"}""", "0.006", true)]
    [InlineData("file_url", "TEXT", "0.006", true)]
    [InlineData("url", "1\n00:00:58,000 --> 00:01:30,000\nBye\n", "0.009", true)]
    [InlineData("url", """{"text":""}""", "0", true)]
    public async Task Transcription_OfUrl_IsCharged(string field, string transcript, string cost, bool isEstimated)
    {
        // 900 characters, two bytes each: a minute of speech.
        transcript = transcript.Replace("TEXT", new string('ä', 900), StringComparison.Ordinal);
        var model = $"whisper-{Guid.CreateVersion7():n}";
        await gateway.SetPriceAsync(model, """{"input":0,"output":0,"perMinute":0.006}""");
        gateway.OpenAi.Respond = async (_, response) =>
        {
            response.ContentType = transcript[0] == '{' ? "application/json" : "text/plain; charset=utf-8";
            await response.WriteAsync(transcript);
        };

        using var form = Transcription(model, field);
        using var received = await gateway.Client.PostAsync(
            new Uri("/v1/audio/transcriptions", UriKind.Relative),
            form
        );

        Assert.Equal(transcript, await received.Content.ReadAsStringAsync());
        var logged = await gateway.LoggedAsync(model);
        Assert.Equal(decimal.Parse(cost, CultureInfo.InvariantCulture), logged.GetProperty("cost").GetDecimal());
        Assert.Equal(isEstimated, logged.GetProperty("estimated").GetBoolean());
    }

    [Fact]
    public async Task Transcription_OfUrl_IsRefusedForBudget()
    {
        await gateway.SetPriceAsync("whisper-3", """{"input":0,"output":0,"perMinute":0.006}""");
        using var client = await gateway.NewKeyAsync("""{"budget":{"amount":1,"period":"total"}}""");

        using var form = Transcription("whisper-3", "url");
        using var response = await client.PostAsync(new Uri("/v1/audio/transcriptions", UriKind.Relative), form);

        Assert.Equal("cost_not_bounded", (await OpenAiError.ReadAsync(response, 403)).Code);
    }

    private static MultipartFormDataContent Transcription(string model, string field) =>
        new()
        {
            { new StringContent($"openai/{model}"), "model" },
            { new StringContent("https://audio.example/a.mp3"), field },
        };
}
