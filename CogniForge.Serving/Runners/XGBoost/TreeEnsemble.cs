using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CogniForge.Serving.Runners.XGBoost;

/// <summary>The trees of a gradient-boosted model in flat arrays. Immutable, so thread-safe.</summary>
/// <param name="features">The number of features.</param>
/// <param name="groups">The number of outputs: 1, or the number of classes.</param>
/// <param name="trees">The trees in the order in which XGBoost adds them.</param>
/// <param name="nodes">The nodes of all trees; features and children are in range.</param>
/// <param name="values">The value of each node that is a leaf.</param>
/// <param name="missingGoesRight">For each node, 1 if missing values go right.</param>
internal sealed class TreeEnsemble(
    int features,
    int groups,
    Tree[] trees,
    TreeNode[] nodes,
    float[] values,
    byte[] missingGoesRight
)
{
    // While one row waits for its next node, the others advance; more than 8 do not fit the registers.
    private const int Lanes = 8;

    // Rows of 30 features and the nodes of a tree fit the first-level cache.
    private const int BlockRows = 64;

    /// <summary>The number of features.</summary>
    public int Features => features;

    /// <summary>The number of outputs.</summary>
    public int Groups => groups;

    /// <summary>The memory in bytes.</summary>
    public long SizeBytes => (nodes.LongLength * (12 + sizeof(float) + 1)) + (trees.LongLength * 12);

    /// <summary>Adds the leaves of all trees to the margins of each row, in float32 and in XGBoost's order.</summary>
    /// <param name="rows">Whole rows; NaN is a missing value.</param>
    /// <param name="margins">For each row, an initialised margin for each output.</param>
    /// <exception cref="ArgumentException">The lengths do not match.</exception>
    public void AddLeaves(ReadOnlySpan<float> rows, Span<float> margins)
    {
        if (rows.Length % features != 0 || (long)rows.Length / features * groups != margins.Length)
        {
            throw new ArgumentException($"{rows.Length} values do not match {margins.Length} margins.", nameof(rows));
        }

        while (rows.Length > 0)
        {
            var count = Math.Min(BlockRows, rows.Length / features);
            var block = rows[..(count * features)];
            AddBlock(block, margins, count);
            rows = rows[block.Length..];
            margins = margins[(count * groups)..];
        }
    }

    private void AddBlock(ReadOnlySpan<float> rows, Span<float> margins, int count)
    {
        var isComplete = !HasMissing(rows);
        var inLanes = isComplete ? count - (count % Lanes) : 0;
        foreach (var tree in trees)
        {
            for (var row = 0; row < inLanes; row += Lanes)
            {
                AddLanes(tree, ref MemoryMarshal.GetReference(rows[(row * features)..]), margins[(row * groups)..]);
            }

            for (var row = inLanes; row < count; row++)
            {
                margins[(row * groups) + tree.Group] += values[Find(tree.Root, rows.Slice(row * features, features))];
            }
        }
    }

    // Indices were checked when the model was read; bounds checks here would cost a third of the speed.
    private void AddLanes(Tree tree, ref float row, Span<float> margins)
    {
        ref var node = ref MemoryMarshal.GetArrayDataReference(nodes);
        int a, b, c, d, e, f, g, h;
        a = b = c = d = e = f = g = h = tree.Root;
        for (var depth = tree.Depth; depth > 0; depth--)
        {
            a = Next(ref node, a, ref row);
            b = Next(ref node, b, ref Unsafe.Add(ref row, features));
            c = Next(ref node, c, ref Unsafe.Add(ref row, 2 * features));
            d = Next(ref node, d, ref Unsafe.Add(ref row, 3 * features));
            e = Next(ref node, e, ref Unsafe.Add(ref row, 4 * features));
            f = Next(ref node, f, ref Unsafe.Add(ref row, 5 * features));
            g = Next(ref node, g, ref Unsafe.Add(ref row, 6 * features));
            h = Next(ref node, h, ref Unsafe.Add(ref row, 7 * features));
        }

        margins[tree.Group] += values[a];
        margins[groups + tree.Group] += values[b];
        margins[(2 * groups) + tree.Group] += values[c];
        margins[(3 * groups) + tree.Group] += values[d];
        margins[(4 * groups) + tree.Group] += values[e];
        margins[(5 * groups) + tree.Group] += values[f];
        margins[(6 * groups) + tree.Group] += values[g];
        margins[(7 * groups) + tree.Group] += values[h];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Next(ref TreeNode nodes, int index, ref float row)
    {
        ref var node = ref Unsafe.Add(ref nodes, index);
        return node.Left + (Unsafe.Add(ref row, node.Feature) >= node.Threshold ? 1 : 0);
    }

    private int Find(int index, ReadOnlySpan<float> row)
    {
        while (true)
        {
            var node = nodes[index];
            if (node.Left == index)
            {
                return index;
            }

            var value = row[node.Feature];
            index = node.Left + (float.IsNaN(value) ? missingGoesRight[index] : value < node.Threshold ? 0 : 1);
        }
    }

    private static bool HasMissing(ReadOnlySpan<float> rows)
    {
        foreach (var value in rows)
        {
            if (float.IsNaN(value))
            {
                return true;
            }
        }

        return false;
    }
}
