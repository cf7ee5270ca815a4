using System.Globalization;
using System.Text.Json;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols.OpenAI.Chat;

namespace CogniForge.Llm.Tests.Pricing;

/// <summary>Audio and image tokens have rates of their own.</summary>
public class MediaTokenTests
{
    private static readonly Price _price = new("m", null, default, 2.5m, 10)
    {
        CacheRead = 1.25m,
        Audio = new(32, 2.5m, 64),
        Image = new(8, 2, 30),
    };

    [Theory]
    // litellm#19771: 110 output tokens of text and 482 of audio.
    [InlineData(
        """
        {"prompt_tokens":17,"completion_tokens":592,"prompt_tokens_details":{"text_tokens":17,"audio_tokens":0},
         "completion_tokens_details":{"text_tokens":110,"audio_tokens":482}}
        """,
        "0.0319905"
    )]
    // langwatch#7036: 15 of text in, 13 of text and 34 of audio out.
    [InlineData(
        """{"prompt_tokens":15,"completion_tokens":47,"completion_tokens_details":{"audio_tokens":34}}""",
        "0.0023435"
    )]
    // comet-ml/opik#7137: audio in, which counts as a part of the prompt.
    [InlineData(
        """{"prompt_tokens":100,"completion_tokens":0,"prompt_tokens_details":{"audio_tokens":60}}""",
        "0.00202"
    )]
    // wso2/gateway-controllers#285: cached audio is neither fresh audio nor cached text.
    [InlineData(
        """
        {"prompt_tokens":100,"completion_tokens":0,"prompt_tokens_details":{"audio_tokens":60,"cached_tokens":50,
         "cached_tokens_details":{"text_tokens":20,"audio_tokens":30}}}
        """,
        "0.00111"
    )]
    // Without that detail, only as much audio is cached as does not fit into the rest.
    [InlineData(
        """{"prompt_tokens":100,"prompt_tokens_details":{"audio_tokens":60,"cached_tokens":80}}""",
        "0.00079"
    )]
    // litellm#31142, theopenco/llmgateway#2176: image input and output of gpt-image.
    [InlineData(
        """
        {"input_tokens":1550,"output_tokens":515,"input_tokens_details":{"image_tokens":1521,"text_tokens":29},
         "output_tokens_details":{"image_tokens":515}}
        """,
        "0.0276905"
    )]
    // OpenAI's transcriptions have the singular: 20 of text and 80 of audio in.
    [InlineData(
        """
        {"input_tokens":100,"output_tokens":10,"total_tokens":110,
         "input_token_details":{"text_tokens":20,"audio_tokens":80}}
        """,
        "0.00271"
    )]
    // claude-code-hub#663: images and thoughts of Gemini.
    [InlineData(
        """
        {"prompt_tokens":326,"completion_tokens":2677,
         "completion_tokens_details":{"image_tokens":2000,"reasoning_tokens":337}}
        """,
        "0.067585"
    )]
    // More media than tokens: no count is charged twice.
    [InlineData(
        """
        {"prompt_tokens":10,"completion_tokens":10,"prompt_tokens_details":{"audio_tokens":99,"image_tokens":99},
         "completion_tokens_details":{"audio_tokens":99,"image_tokens":99,"reasoning_tokens":4}}
        """,
        "0.000744"
    )]
    // bgeneto/open-webui-cost-tracker#6: Perplexity's thoughts and citations are outside of the counts.
    [InlineData(
        """
        {"prompt_tokens":108,"completion_tokens":3256,"total_tokens":3364,"citation_tokens":7299,
         "num_search_queries":74,"reasoning_tokens":73248}
        """,
        "0.8383"
    )]
    public void CalculateCost_MediaTokens_UsesTheirRates(string usage, string cost) =>
        Assert.Equal(
            decimal.Parse(cost, CultureInfo.InvariantCulture),
            _price.CalculateCost(ChatUsage.Read(JsonDocument.Parse(usage).RootElement)!)
        );

    /// <summary>litellm#37661: without a rate of their own, audio tokens cost as much as text, not nothing.</summary>
    [Fact]
    public void CalculateCost_NoMediaRates_UsesTextRates()
    {
        var usage = new TokenUsage(100, 50, 40, Audio: new(60, 30, 20), Image: new(10, 0, 5));
        var text = new Price("m", null, default, 2.5m, 10) { CacheRead = 1.25m };

        Assert.Equal(0.0008m, text.CalculateCost(usage));
        Assert.Equal(0.0008m, (text with { Audio = new(null, null, null) }).CalculateCost(usage));
    }

    [Fact]
    public void CalculateCost_NoCachedAudioRate_UsesAudioRate() =>
        Assert.Equal(
            0.00096m,
            new Price("m", null, default, 2.5m, 10) { CacheRead = 1.25m, Audio = new(32, null, null) }.CalculateCost(
                new(0, 0, 30, Audio: new(0, 30, 0))
            )
        );
}
