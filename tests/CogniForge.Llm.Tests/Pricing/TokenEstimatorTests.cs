using System.Text;
using System.Text.Json;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Tests.Pricing;

public class TokenEstimatorTests
{
    private const string English =
        "Streaming lets a client show the first words of an answer long before the model has finished. A gateway "
        + "should forward each event as soon as it arrives, and it should never buffer the whole response.";

    private const string Chinese = "网关应该尽快转发每个事件，并且不应缓冲整个响应。用户希望看到准确的费用。";
    private const string Japanese = "ゲートウェイは各イベントをできるだけ早く転送し、応答全体を保存してはなりません。";
    private const string Korean = "게이트웨이는 각 이벤트를 가능한 한 빨리 전달해야 하며 전체 응답을 저장해서는 안 됩니다.";
    private const string Russian = "Шлюз должен пересылать каждое событие как можно быстрее и не хранить весь ответ.";

    private const string Json =
        """{"index":0,"message":{"role":"assistant","content":"ok"},"usage":{"prompt_tokens":7},"price":19.99}""";

    private const string Code =
        "for (var i = 0; i < text.Length; i++)\n{\n    count += IsWhiteSpace(text[i]) ? 0 : 1;\n}\n";

    /// <summary>The values that OpenAI's cookbook gives in "How to count tokens with tiktoken".</summary>
    [Theory]
    [InlineData("gpt-4", "antidisestablishmentarianism", 6)]
    [InlineData("gpt-4o", "antidisestablishmentarianism", 6)]
    [InlineData("gpt-3.5-turbo", "2 + 2 = 4", 7)]
    [InlineData("gpt-4o-mini-2024-07-18", "2 + 2 = 4", 7)]
    [InlineData("text-embedding-3-small", "お誕生日おめでとう", 9)]
    [InlineData("openai/gpt-4o", "お誕生日おめでとう", 8)]
    [InlineData("ft:gpt-4o:org::id", "お誕生日おめでとう", 8)]
    public void EstimateInput_KnownModel_CountsWithItsTokenizer(string model, string text, int tokens) =>
        Assert.Equal(tokens, EstimateInput(model, text));

    [Theory]
    [InlineData("gpt-6-sol")]
    [InlineData("o3")]
    [InlineData("gpt-oss-120b")]
    [InlineData("chatgpt-4o-latest")]
    public void Find_NewerModel_IsO200k(string model) => Assert.Same(Tokenizers.Find("gpt-4o"), Tokenizers.Find(model));

    [Theory]
    [InlineData("claude-opus-5-5")]
    [InlineData("gemini-3.1-pro")]
    [InlineData("oracle-1")]
    [InlineData("my/gpt")]
    [InlineData("")]
    public void Find_OtherModel_ReturnsNull(string model) => Assert.Null(Tokenizers.Find(model));

    /// <summary>Between the tokens of o200k_base and cl100k_base, or a quarter beside them.</summary>
    [Theory]
    [InlineData(English)]
    [InlineData(Chinese)]
    [InlineData(Japanese)]
    [InlineData(Korean)]
    [InlineData(Russian)]
    [InlineData(Json)]
    [InlineData(Code)]
    public void EstimateInput_UnknownModel_IsNearTokenizers(string text)
    {
        int[] counts = [Tokenizers.Find("gpt-4o")!.CountTokens(text), Tokenizers.Find("gpt-4")!.CountTokens(text)];
        Assert.InRange(EstimateInput("claude-opus-5-5", text), counts.Min() * 0.75, counts.Max() * 1.25);
    }

    /// <summary>
    /// Tokenizers take quadratic time for long words: openai/tiktoken#195, coder/ai-tokenizer#6, openai/harmony#151
    /// (119 s for 512 KiB), n8n#16769, hermes-studio#1640 (Chinese), yethee/tiktoken-php#25 (random letters).
    /// </summary>
    [Theory]
    [InlineData("a", 1_000_000, 125_000)]
    [InlineData("_", 1_000_000, 15_625)]
    [InlineData("我", 500_000, 500_000)]
    [InlineData("qzjxv", 200_000, 600_000)]
    [InlineData("Some words ", 200_000, 400_000)]
    public void EstimateInput_LongText_IsSampled(string part, int count, int tokens) =>
        Assert.InRange(
            EstimateInput("gpt-4o", "¶" + string.Concat(Enumerable.Repeat(part, count))), // no file in base64
            tokens * 0.8,
            tokens * 1.25
        );

    [Fact]
    public void EstimateInput_Tools_CountSchemasWithNames()
    {
        const string Schema =
            """{"type":"object","properties":{"city":{"type":"string","description":"The city to look up"}}}""";
        var request = Request(
            Protocol.ChatCompletions,
            $$$"""
            {"messages":[],"tools":[{"type":"function","function":{"name":"weather","parameters":{{{Schema}}}}}]}
            """
        );
        Assert.InRange(
            TokenEstimator.EstimateInput(request, "gpt-4o"),
            Tokenizers.Find("gpt-4o")!.CountTokens(Schema),
            Tokenizers.Find("gpt-4o")!.CountTokens(Schema) + 4
        );
    }

    [Fact]
    public void EstimateOutput_LongText_ScalesItsBeginning()
    {
        var sample = new TextSample();
        for (var i = 0; i < 10_000; i++)
        {
            sample.Add("\" word\""u8);
        }

        Assert.Equal(50_000, sample.Characters);
        Assert.InRange(TokenEstimator.EstimateOutput(sample, "gpt-4o"), 9_900, 10_100);
        Assert.InRange(TokenEstimator.EstimateOutput(sample, "claude"), 9_900, 10_100);
    }

    /// <summary>A character may be split into two events, and the sample end within an escape.</summary>
    [Fact]
    public void Text_Escapes_AreDecoded()
    {
        var sample = new TextSample();
        sample.Add("\"\\ud83d\""u8);
        sample.Add("\"\\ude00\\n\""u8);
        sample.Add(JsonSerializer.SerializeToElement(7));
        Assert.Equal("😀\n", sample.Text);

        sample.Add("\"\\ud83d\""u8); // half a character
        Assert.Equal("😀\n", sample.Text);

        var cut = TextSample.From(Encoding.UTF8.GetBytes(new string('中', TextSample.MaxBytes)));
        Assert.Equal((TextSample.MaxBytes, TextSample.MaxBytes / 3), (cut.Characters, cut.SampledCharacters));
    }

    private static int EstimateInput(string model, string text) =>
        TokenEstimator.EstimateInput(
            Request(Protocol.Responses, $$"""{"input":{{JsonSerializer.Serialize(text)}}}""", text.Length),
            model
        );

    private static InferenceRequest Request(Protocol protocol, string body, int characters = 0) =>
        new()
        {
            Protocol = protocol,
            Model = "m",
            Body = JsonDocument.Parse(body).RootElement,
            InputCharacters = characters,
        };
}
