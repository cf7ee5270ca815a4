using CogniForge.Statistics.Text;

namespace CogniForge.Statistics.Tests.Text;

public class RougeTests
{
    private const string Target =
        "The gateway routed every request to the cheapest provider.\n"
        + "Two replicas failed, and the router ejected them at once.\nUsers noticed nothing.";

    private const string Prediction =
        "Every request went to the cheapest providers.\nThe router was ejecting two failing replicas.\n"
        + "Nothing was noticed by users, and users were happy.";

    // Expected: the algorithm of google-research/rouge (rouge_scorer.py) in Python with NLTK 3.8's PorterStemmer.
    [Fact]
    public void Score_Sentences_EqualsRougeScore()
    {
        var result = Rouge.Score(Target, Prediction);
        Equal(0.5652173913043478, 0.5909090909090909, 0.5777777777777778, result.Rouge1);
        Equal(0.18181818181818182, 0.19047619047619047, 0.18604651162790697, result.Rouge2);
        Equal(0.391304347826087, 0.4090909090909091, 0.4, result.RougeL);
        Equal(0.43478260869565216, 0.45454545454545453, 0.4444444444444445, result.RougeLsum);
        Assert.Equal(new RougeOptions(), result.Options);
    }

    // Expected: as above.
    [Fact]
    public void Score_Stemmed_EqualsRougeScore()
    {
        var result = Rouge.Score(Target, Prediction, new RougeOptions { UseStemmer = true });
        Equal(0.6956521739130435, 0.7272727272727273, 0.711111111111111, result.Rouge1);
        Equal(0.22727272727272727, 0.23809523809523808, 0.23255813953488372, result.Rouge2);
        Equal(0.43478260869565216, 0.45454545454545453, 0.4444444444444445, result.RougeL);
        Equal(0.4782608695652174, 0.5, 0.4888888888888889, result.RougeLsum);
        Assert.True(result.Options.UseStemmer);
    }

    // Expected: google-research/rouge's rouge_scorer_test.py.
    [Fact]
    public void Score_ReferenceTests_EqualRougeScore()
    {
        Equal(1, 2 / 3.0, 0.8, Rouge.Score("testing one two", "testing two").RougeL);
        Equal(1, 1 / 3.0, 0.5, Rouge.Score("testing one two", "testing").Rouge1);
        Equal(1, 0.5, 2 / 3.0, Rouge.Score("testing one two", "testing one").Rouge2);
        Equal(0.4, 0.8, 0.5333333333333333, Rouge.Score("w1 w2 w3 w4 w5", "w1 w2 w6 w7 w8\nw1 w3 w8 w9 w5").RougeLsum);
    }

    // Expected: as in the first test; repeated tokens are not counted twice.
    [Fact]
    public void Score_RepeatedTokens_EqualsRougeScore()
    {
        var result = Rouge.Score("a b a b c\nc b a a", "a a b\nb c a b\nc c");
        Equal(0.8888888888888888, 0.8888888888888888, 0.8888888888888888, result.Rouge1);
        Equal(0.625, 0.625, 0.625, result.Rouge2);
        Equal(0.6666666666666666, 0.6666666666666666, 0.6666666666666666, result.RougeL);
        Equal(0.8888888888888888, 0.8888888888888888, 0.8888888888888888, result.RougeLsum);
    }

    [Theory]
    [InlineData("testing one two", "")]
    [InlineData("", "w1")]
    [InlineData("w1 w2", "/")]
    public void Score_NoTokens_IsZero(string target, string prediction)
    {
        var result = Rouge.Score(target, prediction);
        Assert.All(
            [result.Rouge1, result.Rouge2, result.RougeL, result.RougeLsum],
            score => Assert.Equal(default, score)
        );
    }

    [Theory]
    [InlineData("Модель обучена", "модель обучена быстро", 2 / 3.0)]
    [InlineData("模型很快", "模型快", 1)]
    [InlineData("Größe", "größe", 1)]
    [InlineData("हिन्दी भाषा", "हिन्दी", 1)]
    public void Score_Unicode_FindsTokensOfAnyScript(string target, string prediction, double precision)
    {
        var options = new RougeOptions { Tokenizer = RougeTokenizer.Unicode };
        var result = Rouge.Score(target, prediction, options);
        Approximately.Equal(precision, result.Rouge1.Precision, 1e-12);
        Assert.Equal(RougeTokenizer.Unicode, result.Options.Tokenizer);
    }

    [Fact]
    public void Score_AsciiOnCyrillic_IsZero() => Assert.Equal(0, Rouge.Score("Модель", "Модель").Rouge1.F1);

    [Fact]
    public void Score_TooLong_NamesTheParameter()
    {
        var text = string.Join(' ', Enumerable.Repeat("a", Rouge.MaxTokens + 1));
        Assert.Throws<ArgumentException>("target", () => Rouge.Score(text, "a"));
        Assert.Throws<ArgumentException>("prediction", () => Rouge.Score("a", text));
    }

    private static void Equal(double precision, double recall, double f1, RougeScore actual)
    {
        Approximately.Equal(precision, actual.Precision, 1e-9);
        Approximately.Equal(recall, actual.Recall, 1e-9);
        Approximately.Equal(f1, actual.F1, 1e-9);
    }
}
