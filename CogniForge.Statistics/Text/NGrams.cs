using System.Runtime.InteropServices;

namespace CogniForge.Statistics.Text;

/// <summary>Counts n-grams of up to four tokens, with tokens as numbers.</summary>
internal sealed class NGrams
{
    public const int MaxOrder = 4;

    private readonly Dictionary<string, int> _numbers = [];

    /// <summary>The numbers of tokens, from 1 on.</summary>
    public int[] Number(string[] tokens)
    {
        var numbers = new int[tokens.Length];
        for (var i = 0; i < tokens.Length; i++)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, tokens[i], out var isKnown);
            number = isKnown ? number : _numbers.Count;
            numbers[i] = number;
        }

        return numbers;
    }

    /// <summary>The count of each n-gram of one order; unused places of the key are 0.</summary>
    public static Dictionary<(int, int, int, int), long> Count(int[] tokens, int order)
    {
        var counts = new Dictionary<(int, int, int, int), long>();
        for (var i = 0; i + order <= tokens.Length; i++)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, Key(tokens.AsSpan(i, order)), out _)++;
        }

        return counts;
    }

    private static (int, int, int, int) Key(ReadOnlySpan<int> tokens) =>
        (
            tokens[0],
            tokens.Length > 1 ? tokens[1] : 0,
            tokens.Length > 2 ? tokens[2] : 0,
            tokens.Length > 3 ? tokens[3] : 0
        );
}
