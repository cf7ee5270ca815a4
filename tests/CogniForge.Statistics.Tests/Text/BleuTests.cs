using CogniForge.Statistics.Text;

namespace CogniForge.Statistics.Tests.Text;

public class BleuTests
{
    private static readonly string[] _hypotheses =
    [
        "The dog bit the man.",
        "It wasn't surprising.",
        "The man had just bitten him.",
    ];

    private static readonly string[][] _references =
    [
        ["The dog bit the man.", "The dog had bit the man."],
        ["It was not unexpected.", "No one was surprised."],
        ["The man bit him first.", "The man had bitten the dog."],
    ];

    // Expected: sacreBLEU's test/test_bleu.py, and sacreBLEU at commit f615c72 to all digits.
    [Fact]
    public void ScoreCorpus_TwoReferences_EqualsSacreBleu()
    {
        var result = Bleu.ScoreCorpus(_hypotheses, _references)!;
        Approximately.Equal(48.530827009929865, result.Score, 1e-9);
        Assert.Equal([14, 7, 5, 3], result.Matches);
        Assert.Equal([17, 14, 11, 8], result.Totals);
        Approximately.Equal(82.3529411764706, result.Precisions[0], 1e-9);
        Approximately.Equal(37.5, result.Precisions[3], 1e-9);
        Approximately.Equal(0.9428731438548749, result.BrevityPenalty, 1e-9);
        Assert.Equal((17, 18), (result.HypothesisLength, result.ReferenceLength));
        Assert.Equal("nrefs:2|case:mixed|eff:no|tok:13a|smooth:exp", result.Signature);
    }

    [Fact]
    public void ScoreCorpus_OneReference_EqualsSacreBleu()
    {
        var result = Bleu.ScoreCorpus(_hypotheses, [.. _references.Select(texts => texts[..1])])!;
        Approximately.Equal(45.06750632106114, result.Score, 1e-9);
        Assert.Equal(1, result.BrevityPenalty);
    }

    // Expected: sacreBLEU's test/test_sentence_bleu.py, and sacreBLEU at commit f615c72 to all digits.
    [Theory]
    [InlineData(BleuSmoothing.Exponential, null, BleuTokenizer.Mteval13a, 8.493098745313148)]
    [InlineData(BleuSmoothing.None, null, BleuTokenizer.Mteval13a, 0)]
    [InlineData(BleuSmoothing.Floor, null, BleuTokenizer.Mteval13a, 4.516881220954753)]
    [InlineData(BleuSmoothing.Floor, 0.5, BleuTokenizer.Mteval13a, 10.100053456347073)]
    [InlineData(BleuSmoothing.AddK, null, BleuTokenizer.Mteval13a, 14.882560178972215)]
    [InlineData(BleuSmoothing.AddK, 2.0, BleuTokenizer.Mteval13a, 21.389460275371086)]
    [InlineData(BleuSmoothing.Exponential, null, BleuTokenizer.None, 7.347053125977879)]
    [InlineData(BleuSmoothing.Exponential, null, BleuTokenizer.Characters, 40.875973647629166)]
    public void ScoreSentence_Romanian_EqualsSacreBleu(
        BleuSmoothing smoothing, double? value, BleuTokenizer tokenizer, double expected
    )
    {
        var result = Bleu.ScoreSentence(
            "Producția de zahăr primă va fi exprimată în ceea ce privește zahărul alb;",
            ["producţia de zahăr brut se exprimă în zahăr alb;"],
            new BleuOptions { Smoothing = smoothing, SmoothingValue = value, Tokenizer = tokenizer }
        );
        Approximately.Equal(expected, result.Score, 1e-9);
    }

    [Theory]
    [InlineData(BleuSmoothing.Exponential)]
    [InlineData(BleuSmoothing.None)]
    [InlineData(BleuSmoothing.Floor)]
    [InlineData(BleuSmoothing.AddK)]
    public void ScoreSentence_NoMatch_IsZero(BleuSmoothing smoothing) =>
        Assert.Equal(
            0,
            Bleu.ScoreSentence("this is a cat", ["okay thanks"], new BleuOptions { Smoothing = smoothing }).Score
        );

    // Expected: sacreBLEU at commit f615c72.
    [Theory]
    [InlineData("short", new[] { "short" }, null, 100)]
    [InlineData("a b", new[] { "a b c" }, null, 60.653065971263366)]
    [InlineData("a b", new[] { "a b c" }, false, 0)]
    [InlineData("", new[] { "a b" }, null, 0)]
    [InlineData("the the the the", new[] { "the cat the mat", "a the" }, null, 18.99589214128981)]
    [InlineData("a b c", new[] { "a b", "a b c d", "x" }, null, 100)]
    public void ScoreSentence_ShortTexts_EqualsSacreBleu(
        string hypothesis, string[] references, bool? effectiveOrder, double expected
    )
    {
        var options = new BleuOptions { UseEffectiveOrder = effectiveOrder };
        var result = Bleu.ScoreSentence(hypothesis, references, options);
        Approximately.Equal(expected, result.Score, 1e-9);
        Assert.InRange(result.Score, 0, 100);
    }

    // Expected: Tokenizer13a of sacreBLEU at commit f615c72.
    [Theory]
    [InlineData(
        "Hello, world! It's 3,000.50 USD-based (5-10%).",
        "Hello , world ! It's 3,000.50 USD-based ( 5 - 10 % ) ."
    )]
    [InlineData(
        "a-\nb <skipped>c &quot;x&quot; &amp;lt; 1.5, .5 x.y 3-4 a-b",
        "ab c \" x \" < 1.5 , . 5 x . y 3 - 4 a-b"
    )]
    [InlineData("  tabs\tand\u00a0nbsp … “q” ", "tabs and nbsp … “q”")]
    [InlineData(
        "[x] {y} ~z^ `w` a/b c:d e;f <g> @h 10,000 1,a a,1 ,",
        "[ x ] { y } ~ z ^ ` w ` a / b c : d e ; f < g > @ h 10,000 1 , a a , 1 ,"
    )]
    public void Tokenize_Mteval13a_EqualsSacreBleu(string text, string expected) =>
        Assert.Equal(expected.Split(' '), BleuText.Tokenize(text, new BleuOptions()));

    [Fact]
    public void ScoreSentence_Lowercase_IgnoresCase()
    {
        var result = Bleu.ScoreSentence("THE CAT SAT DOWN", ["the cat sat down"], new BleuOptions { Lowercase = true });
        Approximately.Equal(100, result.Score, 1e-9);
        Assert.Equal("nrefs:1|case:lc|eff:yes|tok:13a|smooth:exp", result.Signature);
    }

    [Fact]
    public void ScoreCorpus_LongText_IsLinear()
    {
        var text = string.Join(' ', Enumerable.Range(0, 200_000).Select(i => i % 7919));
        Approximately.Equal(100, Bleu.ScoreCorpus([text], [[text]])!.Score, 1e-9);
    }

    [Fact]
    public void Score_OutOfRange_NamesTheParameter()
    {
        Assert.Null(Bleu.ScoreCorpus([], []));
        Assert.Throws<ArgumentException>("references", () => Bleu.ScoreCorpus(["a"], []));
        Assert.Throws<ArgumentException>("references", () => Bleu.ScoreSentence("a", []));
        Assert.Throws<ArgumentOutOfRangeException>(
            "options",
            () => Bleu.ScoreSentence("a", ["a"], new BleuOptions { SmoothingValue = 0 })
        );
    }
}
