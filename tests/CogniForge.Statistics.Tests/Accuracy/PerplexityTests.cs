using CogniForge.Statistics.Accuracy;

namespace CogniForge.Statistics.Tests.Accuracy;

public class PerplexityTests
{
    // Expected: arithmetic of the definition.
    [Theory]
    [InlineData(new[] { -1.3862943611198906, -1.3862943611198906, -1.3862943611198906, -1.3862943611198906 }, 4)]
    [InlineData(new[] { -0.1, -0.5, -2.3 }, 2.6291660)]
    [InlineData(new[] { 0.0 }, 1)]
    public void ForTokens_LogProbabilities_EqualsDefinition(double[] logProbabilities, double expected) =>
        Approximately.Equal(expected, Perplexity.ForTokens(logProbabilities), 1e-7);

    [Fact]
    public void ForCorpusAndMean_UnequalTexts_Differ()
    {
        TextLikelihood[] texts = [new(-4 * Math.Log(2), 4), new(-Math.Log(16), 1)];
        Approximately.Equal(Math.Exp(8 * Math.Log(2) / 5), Perplexity.ForCorpus(texts), 1e-12);
        Approximately.Equal(9, Perplexity.MeanOverTexts(texts), 1e-12);
    }

    [Fact]
    public void Perplexity_NoTokens_IsNull()
    {
        Assert.Null(Perplexity.ForTokens([]));
        Assert.Null(Perplexity.ForCorpus([]));
        Assert.Null(Perplexity.MeanOverTexts([]));
    }

    [Fact]
    public void Perplexity_OutOfRange_NamesTheParameter()
    {
        Assert.Throws<ArgumentOutOfRangeException>("logProbabilities", () => Perplexity.ForTokens([0.1]));
        Assert.Throws<ArgumentOutOfRangeException>("texts", () => Perplexity.ForCorpus([new(-1, 0)]));
        Assert.Throws<ArgumentOutOfRangeException>("texts", () => Perplexity.MeanOverTexts([new(double.NaN, 1)]));
    }
}
