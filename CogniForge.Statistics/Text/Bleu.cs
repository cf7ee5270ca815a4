using System.Globalization;

namespace CogniForge.Statistics.Text;

/// <summary>BLEU as sacreBLEU computes it.</summary>
/// <remarks>
/// Sources: Papineni et al., <i>BLEU: a Method for Automatic Evaluation of Machine Translation</i> (ACL 2002); Post,
/// <i>A Call for Clarity in Reporting BLEU Scores</i> (WMT 2018). Pure, so thread-safe.
/// </remarks>
public static class Bleu
{
    private const int Orders = NGrams.MaxOrder;

    /// <summary>The score of one sentence, with effective order unless the options say otherwise.</summary>
    /// <param name="hypothesis">The text to score.</param>
    /// <param name="references">Its reference texts, at least one.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <returns>The score.</returns>
    /// <exception cref="ArgumentException">There is no reference.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The smoothing value is not positive.</exception>
    public static BleuResult ScoreSentence(
        string hypothesis,
        IReadOnlyList<string> references,
        BleuOptions? options = null
    )
    {
        options ??= new BleuOptions();
        options = options with { UseEffectiveOrder = options.UseEffectiveOrder ?? true };
        return ScoreCorpus([hypothesis], [references], options)!;
    }

    /// <summary>
    /// The score of a corpus: n-grams are summed over all texts, which differs from a mean of scores.
    /// </summary>
    /// <param name="hypotheses">The texts to score.</param>
    /// <param name="references">The reference texts of each hypothesis, at least one each.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <returns>The score; null without hypotheses.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a hypothesis has no reference.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The smoothing value is not positive.</exception>
    public static BleuResult? ScoreCorpus(
        IReadOnlyList<string> hypotheses,
        IReadOnlyList<IReadOnlyList<string>> references,
        BleuOptions? options = null
    )
    {
        options ??= new BleuOptions();
        Require.Positive(options.SmoothingValueOrDefault, nameof(options));
        Require.SameLength(references.Count, hypotheses.Count, nameof(references));
        if (references.Any(texts => texts.Count == 0))
        {
            throw new ArgumentException("Each hypothesis needs a reference.", nameof(references));
        }

        var (matches, totals) = (new long[Orders], new long[Orders]);
        var (hypothesisLength, referenceLength) = (0L, 0L);
        for (var i = 0; i < hypotheses.Count; i++)
        {
            var grams = new NGrams();
            var hypothesis = grams.Number(BleuText.Tokenize(hypotheses[i], options));
            var texts = references[i].Select(text => grams.Number(BleuText.Tokenize(text, options))).ToList();
            hypothesisLength += hypothesis.Length;
            referenceLength += texts
                .Select(text => text.Length)
                .MinBy(length => (Math.Abs(length - hypothesis.Length), length));
            CountMatches(hypothesis, texts, matches, totals);
        }

        var penalty =
            hypothesisLength >= referenceLength ? 1
            : hypothesisLength == 0 ? 0
            : Math.Exp(1 - ((double)referenceLength / hypothesisLength));
        var (mean, precisions) = MeanPrecision(matches, totals, options);
        return hypotheses.Count == 0
            ? null
            : new BleuResult(
                Math.Min(100, penalty * mean),
                precisions,
                matches,
                totals,
                penalty,
                hypothesisLength,
                referenceLength,
                Signature(references, options)
            );
    }

    // Of several references, the one with the most occurrences of an n-gram counts.
    private static void CountMatches(int[] hypothesis, List<int[]> references, long[] matches, long[] totals)
    {
        for (var order = 1; order <= Orders; order++)
        {
            var counts = references.ConvertAll(text => NGrams.Count(text, order));
            foreach (var (gram, count) in NGrams.Count(hypothesis, order))
            {
                totals[order - 1] += count;
                matches[order - 1] += Math.Min(count, counts.Max(grams => grams.GetValueOrDefault(gram)));
            }
        }
    }

    /// <summary>The geometric mean of the precisions in percent, and the precisions.</summary>
    private static (double Mean, double[] Precisions) MeanPrecision(long[] matches, long[] totals, BleuOptions options)
    {
        var precisions = new double[Orders];
        if (matches.All(count => count == 0))
        {
            return (0, precisions);
        }

        var reached = 0;
        var halving = 1.0;
        for (var i = 0; i < Orders; i++)
        {
            var added = options.Smoothing == BleuSmoothing.AddK && i > 0 ? options.SmoothingValueOrDefault : 0;
            var (match, total) = (matches[i] + added, totals[i] + added);
            if (total == 0)
            {
                break;
            }

            reached = i + 1;
            if (match == 0)
            {
                halving *= 2;
                match = options.Smoothing switch
                {
                    BleuSmoothing.Exponential => 1 / halving,
                    BleuSmoothing.Floor => options.SmoothingValueOrDefault,
                    _ => 0,
                };
            }

            precisions[i] = 100 * match / total;
        }

        var used = precisions.AsSpan(0, options.UseEffectiveOrder == true ? reached : Orders);
        var logarithms = 0.0;
        foreach (var precision in used)
        {
            logarithms += Math.Log(precision);
        }

        // The logarithm of 0 is −∞, which gives the score 0.
        return (Math.Exp(logarithms / used.Length), precisions);
    }

    private static string Signature(IReadOnlyList<IReadOnlyList<string>> references, BleuOptions options)
    {
        var count = references[0].Count;
        var isUniform = references.All(texts => texts.Count == count);
        var value = options.SmoothingValueOrDefault.ToString("F2", CultureInfo.InvariantCulture);
        var tokenizer = options.Tokenizer switch
        {
            BleuTokenizer.None => "none",
            BleuTokenizer.Characters => "char",
            _ => "13a",
        };
        var smoothing = options.Smoothing switch
        {
            BleuSmoothing.None => "none",
            BleuSmoothing.Floor => $"floor[{value}]",
            BleuSmoothing.AddK => $"add-k[{value}]",
            _ => "exp",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"nrefs:{(isUniform ? count : "var")}|case:{(options.Lowercase ? "lc" : "mixed")}|"
                + $"eff:{(options.UseEffectiveOrder == true ? "yes" : "no")}|tok:{tokenizer}|smooth:{smoothing}"
        );
    }
}
