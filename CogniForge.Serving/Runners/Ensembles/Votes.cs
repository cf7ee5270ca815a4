using System.Globalization;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Runners.Ensembles;

/// <summary>Majority votes as in scikit-learn's VotingClassifier: of equal classes the first in order wins.</summary>
internal static class Votes
{
    /// <summary>Counts the votes of each row.</summary>
    /// <param name="outputs">The labels, at least one.</param>
    /// <param name="classes">The names of whole numbers; null: the numbers themselves.</param>
    /// <param name="rows">The number of rows.</param>
    /// <returns>The label of each row, and its share of the weights.</returns>
    public static IReadOnlyList<Tensor> Count(
        IReadOnlyList<MemberOutput> outputs,
        IReadOnlyList<string?>? classes,
        int rows
    )
    {
        var labels = outputs.Select(o => ReadLabels(o, classes, rows)).ToList();
        var sum = outputs.Sum(o => o.Weight);
        var (winners, shares) = (new string[rows], new double[rows]);
        var votes = new SortedDictionary<string, double>(StringComparer.Ordinal);
        for (var row = 0; row < rows; row++)
        {
            votes.Clear();
            for (var i = 0; i < outputs.Count; i++)
            {
                votes[labels[i][row]] = votes.GetValueOrDefault(labels[i][row]) + outputs[i].Weight;
            }

            var winner = votes.MaxBy(v => v.Value);
            (winners[row], shares[row]) = (winner.Key, winner.Value / sum);
        }

        return
        [
            new Tensor<string>("label", Datatype.Bytes, [rows], winners),
            new Tensor<double>("share", Datatype.Fp64, [rows], shares),
        ];
    }

    private static string[] ReadLabels(MemberOutput output, IReadOnlyList<string?>? classes, int rows)
    {
        if (output.Tensor.Count != rows)
        {
            throw MemberOutput.Fail(output.Member, $"returned {output.Tensor.Count} labels for {rows} rows.");
        }

        if (output.Tensor is Tensor<string> texts)
        {
            return texts.Data.ToArray();
        }

        var labels = new string[rows];
        var numbers = output.Tensor.Datatype.IsNumeric ? output.Tensor.AsDoubles() : [];
        for (var row = 0; row < rows; row++)
        {
            if (
                numbers.Length == 0
                || !double.IsInteger(numbers[row])
                || (classes is not null && (numbers[row] < 0 || numbers[row] >= classes.Count))
            )
            {
                throw MemberOutput.Fail(output.Member, "returned a label that is no class.");
            }

            labels[row] = classes is null
                ? numbers[row].ToString(CultureInfo.InvariantCulture)
                : classes[(int)numbers[row]]!;
        }

        return labels;
    }
}
