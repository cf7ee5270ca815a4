using System.Collections;

namespace CogniForge.Statistics.Text;

internal static class LongestCommonSubsequence
{
    public static int Length(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        var lengths = new int[second.Length + 1];
        foreach (var token in first)
        {
            var diagonal = 0;
            for (var j = 1; j <= second.Length; j++)
            {
                var above = lengths[j];
                lengths[j] = token == second[j - 1] ? diagonal + 1 : Math.Max(above, lengths[j - 1]);
                diagonal = above;
            }
        }

        return lengths[^1];
    }

    /// <summary>
    /// Marks the places in the first sequence of one longest common subsequence: the one that <c>rouge_score</c> finds
    /// from the end, which goes back in the first sequence when both ways are equally long.
    /// </summary>
    public static void Mark(ReadOnlySpan<int> first, ReadOnlySpan<int> second, bool[] isMatched)
    {
        // One bit per pair instead of the table of lengths, which would need 400 MB for 10,000 tokens.
        var (rows, columns) = (first.Length, second.Length);
        var goesLeft = new BitArray(rows * columns);
        var lengths = new int[columns + 1];
        for (var i = 0; i < rows; i++)
        {
            var diagonal = 0;
            for (var j = 1; j <= columns; j++)
            {
                var above = lengths[j];
                if (first[i] == second[j - 1])
                {
                    lengths[j] = diagonal + 1;
                }
                else
                {
                    goesLeft[(i * columns) + j - 1] = lengths[j - 1] > above;
                    lengths[j] = Math.Max(above, lengths[j - 1]);
                }

                diagonal = above;
            }
        }

        var (row, column) = (rows - 1, columns - 1);
        while (row >= 0 && column >= 0)
        {
            if (first[row] == second[column])
            {
                isMatched[row] = true;
                row--;
                column--;
            }
            else if (goesLeft[(row * columns) + column])
            {
                column--;
            }
            else
            {
                row--;
            }
        }
    }
}
