namespace CogniForge.Bench.Suites.Serving.Trees;

/// <summary>Complete binary trees with random splits, the same in each run.</summary>
/// <remarks>Node n has the children 2n + 1 and 2n + 2; the last level consists of leaves.</remarks>
internal sealed class RandomTrees
{
    public const int Trees = 100;
    public const int Depth = 6;
    public const int Features = 30;

    /// <summary>The splits of a tree.</summary>
    public const int Splits = (1 << Depth) - 1;

    /// <summary>The nodes of a tree.</summary>
    public const int Nodes = (2 * Splits) + 1;

    private readonly Random _random = new(1);

    public RandomTrees()
    {
        for (var i = 0; i < Trees * Nodes; i++)
        {
            Feature[i] = _random.Next(Features);
            Value[i] = _random.NextSingle();
        }
    }

    /// <summary>The feature of each split, tree after tree.</summary>
    public int[] Feature { get; } = new int[Trees * Nodes];

    /// <summary>The threshold of each split, below which rows go to the first child; of a leaf, what it adds.</summary>
    public float[] Value { get; } = new float[Trees * Nodes];

    /// <summary>Random rows.</summary>
    public float[] CreateRows(int count)
    {
        var rows = new float[count * Features];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = _random.NextSingle();
        }

        return rows;
    }
}
