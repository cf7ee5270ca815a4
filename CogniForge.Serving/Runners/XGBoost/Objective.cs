namespace CogniForge.Serving.Runners.XGBoost;

/// <summary>
/// How an objective turns margins into predictions, in float32 as XGBoost's objectives do
/// (<c>PredTransform</c> and <c>ProbToMargin</c> in src/objective).
/// </summary>
internal static class Objective
{
    // XGBoost's kRtEps and the bound that keeps expf finite (src/common/math.h).
    private const float Epsilon = 1e-16f;
    private const float MaxExponent = 88.7f;

    /// <summary>Whether predictions are supported for an objective.</summary>
    public static bool IsKnown(string name) =>
        name
            is "reg:squarederror"
                or "reg:linear"
                or "reg:squaredlogerror"
                or "reg:absoluteerror"
                or "reg:pseudohubererror"
                or "reg:quantileerror"
                or "reg:logistic"
                or "binary:logistic"
                or "binary:logitraw"
                or "binary:hinge"
                or "multi:softmax"
                or "multi:softprob"
                or "count:poisson"
                or "reg:gamma"
                or "reg:tweedie"
                or "rank:pairwise"
                or "rank:ndcg"
                or "rank:map";

    /// <summary>Converts the model's <c>base_score</c>, a prediction, to the margin before the first tree.</summary>
    public static float ToMargin(string name, float baseScore) =>
        name switch // Of binary:logitraw it is a margin since XGBoost 1.4.
        {
            "reg:logistic" or "binary:logistic" => -MathF.Log((1 / baseScore) - 1),
            "count:poisson" or "reg:gamma" or "reg:tweedie" => MathF.Log(baseScore),
            _ => baseScore,
        };

    /// <summary>Whether the prediction is one class per row, not one number per output.</summary>
    public static bool IsClass(string name) => name == "multi:softmax";

    /// <summary>Turns margins into predictions in place; with <see cref="IsClass"/>, one per row.</summary>
    /// <param name="name">The objective.</param>
    /// <param name="margins">The margins of whole rows.</param>
    /// <param name="groups">The number of outputs.</param>
    public static void Transform(string name, Span<float> margins, int groups)
    {
        switch (name)
        {
            case "reg:logistic" or "binary:logistic":
                foreach (ref var margin in margins)
                {
                    margin = 1 / (MathF.Exp(MathF.Min(-margin, MaxExponent)) + 1 + Epsilon);
                }

                break;
            case "binary:hinge":
                foreach (ref var margin in margins)
                {
                    margin = margin > 0 ? 1 : 0;
                }

                break;
            case "count:poisson" or "reg:gamma" or "reg:tweedie":
                foreach (ref var margin in margins)
                {
                    margin = MathF.Exp(margin);
                }

                break;
            case "multi:softprob":
                for (; margins.Length > 0; margins = margins[groups..])
                {
                    Softmax(margins[..groups]);
                }

                break;
            case "multi:softmax":
                for (var row = 0; row < margins.Length / groups; row++)
                {
                    margins[row] = IndexOfMax(margins.Slice(row * groups, groups));
                }

                break;
            default:
                break;
        }
    }

    private static void Softmax(Span<float> row)
    {
        var max = row[IndexOfMax(row)];
        var sum = 0.0;
        foreach (ref var margin in row)
        {
            margin = MathF.Exp(margin - max);
            sum += margin;
        }

        foreach (ref var margin in row)
        {
            margin /= (float)sum;
        }
    }

    private static int IndexOfMax(ReadOnlySpan<float> row)
    {
        var max = 0;
        for (var i = 1; i < row.Length; i++)
        {
            max = row[i] > row[max] ? i : max;
        }

        return max;
    }
}
