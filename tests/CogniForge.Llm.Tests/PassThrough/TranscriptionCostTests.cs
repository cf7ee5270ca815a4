using System.Text;
using CogniForge.Llm.PassThrough;

namespace CogniForge.Llm.Tests.PassThrough;

/// <summary>
/// whisper-1 is charged by the minute, which only some formats of the response tell; the others are estimated.
/// </summary>
public sealed class TranscriptionCostTests(PassThroughGateway gateway) : IClassFixture<PassThroughGateway>
{
    private const int FileSeconds = 30;

    [Theory]
    [InlineData("""{"text":"a","usage":{"type":"duration","seconds":90}}""", "0.009", false)]
    [InlineData("""{"text":"a","usage":{"type":"duration","seconds":0.5}}""", "0.00005", false)]
    // verbose_json of other servers
    [InlineData("""{"task":"transcribe","language":"en","duration":90.0,"text":"a","segments":[]}""", "0.009", false)]
    [InlineData("""{"task":"transcribe","language":"english","duration":"90","text":"a"}""", "0.009", false)]
    [InlineData("""{"text":"a"}""", "0.003", true)]
    [InlineData("""{"text":"a","usage":{"type":"duration","seconds":-1}}""", "0.003", true)]
    [InlineData("Hello there\n", "0.003", true)]
    [InlineData("1\n00:00:00,000 --> 00:00:05,120\nHello\n\n2\n00:00:58,000 --> 00:01:30,000\nBye\n", "0.009", true)]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:05.000\nHello\n\n01:00.000 --> 01:30.000\nBye\n", "0.009", true)]
    public Task Transcription_PriceOfMinutes_IsCharged(string transcript, string cost, bool isEstimated) =>
        TranscriptionCosts.AssertCostAsync(gateway, Transcription, transcript, cost, isEstimated);

    [Fact]
    public Task Transcription_PriceOfMinutes_IsRefusedForBudget() =>
        TranscriptionCosts.AssertRefusedAsync(gateway, Transcription);

    /// <summary>A cue may arrive in any pieces.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public void Add_PiecesOfCues_FindsEndOfLast(int size)
    {
        var length = new AudioLength();
        foreach (
            var piece in Encoding
                .UTF8.GetBytes("1\n00:00:01,000 --> 00:00:02,500\nÜber -->\n\n2\n01:00:02,500 --> 01:00:03,250\nÄh\n")
                .Chunk(size)
        )
        {
            length.Add(piece);
        }

        Assert.Equal(3603.25m, length.Estimate(null, 1)!.AudioSeconds);
    }

    private static MultipartFormDataContent Transcription(string model) =>
        new()
        {
            { new StringContent($"openai/{model}"), "model" },
            { new ByteArrayContent(new byte[FileSeconds * AudioLength.BytesPerSecond]), "file", "a.mp3" },
        };
}
