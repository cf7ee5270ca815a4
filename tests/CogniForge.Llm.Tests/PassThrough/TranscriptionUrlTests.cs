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
        await TranscriptionCosts.AssertCostAsync(gateway, m => Transcription(m, field), transcript, cost, isEstimated);
    }

    [Fact]
    public Task Transcription_OfUrl_IsRefusedForBudget() =>
        TranscriptionCosts.AssertRefusedAsync(gateway, m => Transcription(m, "url"));

    private static MultipartFormDataContent Transcription(string model, string field) =>
        new()
        {
            { new StringContent($"openai/{model}"), "model" },
            { new StringContent("https://audio.example/a.mp3"), field },
        };
}
