namespace CogniForge.Statistics.Text;

/// <summary>ROUGE as Google's <c>rouge_score</c> computes it.</summary>
/// <remarks>Source: Lin, <i>ROUGE: A Package for Automatic Evaluation of Summaries</i> (ACL 2004). Pure, so
/// thread-safe.
/// </remarks>
public static class Rouge
{
    /// <summary>Most tokens of a text, because the time grows with the product of the lengths.</summary>
    public const int MaxTokens = 10_000;

    /// <summary>Compares a prediction with its target.</summary>
    /// <param name="target">The reference text; a line is a sentence.</param>
    /// <param name="prediction">The text to score; a line is a sentence.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <returns>The scores, 0 when a text has no tokens.</returns>
    /// <exception cref="ArgumentException">A text has more than <see cref="MaxTokens"/> tokens.</exception>
    public static RougeResult Score(string target, string prediction, RougeOptions? options = null)
    {
        options ??= new RougeOptions();
        var grams = new NGrams();
        var targetLines = Lines(target, grams, options, nameof(target));
        var predictionLines = Lines(prediction, grams, options, nameof(prediction));
        int[] targetTokens = [.. targetLines.SelectMany(line => line)];
        int[] predictionTokens = [.. predictionLines.SelectMany(line => line)];
        return new RougeResult(
            ScoreNGrams(targetTokens, predictionTokens, 1),
            ScoreNGrams(targetTokens, predictionTokens, 2),
            RougeScore.FromCounts(
                LongestCommonSubsequence.Length(targetTokens, predictionTokens),
                predictionTokens.Length,
                targetTokens.Length
            ),
            RougeScore.FromCounts(
                CountUnionMatches(targetLines, predictionLines),
                predictionTokens.Length,
                targetTokens.Length
            ),
            options
        );
    }

    // A line break separates tokens, so the tokens of the lines are those of the text.
    private static List<int[]> Lines(string text, NGrams grams, RougeOptions options, string name)
    {
        var lines = text.Split('\n').Select(line => grams.Number(RougeText.Tokenize(line, options))).ToList();
        return lines.Sum(line => line.Length) <= MaxTokens
            ? lines
            : throw new ArgumentException($"The text must have at most {MaxTokens} tokens.", name);
    }

    private static RougeScore ScoreNGrams(int[] target, int[] prediction, int order)
    {
        var counts = NGrams.Count(prediction, order);
        var matches = NGrams.Count(target, order).Sum(gram => Math.Min(gram.Value, counts.GetValueOrDefault(gram.Key)));
        return RougeScore.FromCounts(
            matches,
            Math.Max(0, prediction.Length - order + 1),
            Math.Max(0, target.Length - order + 1)
        );
    }

    /// <summary>Tokens in the union of common subsequences, each counted as often as both texts have it.</summary>
    private static long CountUnionMatches(List<int[]> target, List<int[]> prediction)
    {
        var inTarget = CountTokens(target);
        var inPrediction = CountTokens(prediction);
        var hits = 0L;
        foreach (var line in target)
        {
            var isMatched = new bool[line.Length];
            foreach (var other in prediction)
            {
                LongestCommonSubsequence.Mark(line, other, isMatched);
            }

            for (var i = 0; i < line.Length; i++)
            {
                if (isMatched[i] && inTarget[line[i]] > 0 && inPrediction[line[i]] > 0)
                {
                    hits++;
                    inTarget[line[i]]--;
                    inPrediction[line[i]]--;
                }
            }
        }

        return hits;
    }

    private static Dictionary<int, int> CountTokens(List<int[]> lines) =>
        lines.SelectMany(line => line).CountBy(token => token).ToDictionary();
}
