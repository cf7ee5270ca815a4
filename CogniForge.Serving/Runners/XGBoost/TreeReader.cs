using System.Text.Json;

namespace CogniForge.Serving.Runners.XGBoost;

/// <summary>Collects the trees of a model, and numbers their nodes breadth first.</summary>
/// <param name="features">The number of features.</param>
/// <param name="groups">The number of outputs.</param>
internal sealed class TreeReader(int features, int groups)
{
    private readonly List<Tree> _trees = [];
    private readonly List<TreeNode> _nodes = [];
    private readonly List<float> _values = [];
    private readonly List<byte> _missingGoesRight = [];

    /// <summary>Adds a tree of the JSON model.</summary>
    /// <exception cref="ModelLoadException">An index is out of range, or the tree is not supported.</exception>
    public void Add(JsonElement tree, int group)
    {
        if (group < 0 || group >= groups)
        {
            throw new ModelLoadException($"Tree {_trees.Count} adds to output {group} of {groups}.");
        }

        if (tree.TryGetProperty("split_type", out var types) && types.EnumerateArray().Any(t => t.GetInt32() != 0))
        {
            throw new ModelLoadException("Categorical splits are not supported.");
        }

        var left = Read(tree, "left_children", e => e.GetInt32());
        var right = Read(tree, "right_children", e => e.GetInt32());
        var split = Read(tree, "split_indices", e => e.GetInt32());
        var conditions = Read(tree, "split_conditions", e => e.GetSingle());
        var defaults = Read(tree, "default_left", e => e.ValueKind == JsonValueKind.True || IsOne(e));
        if (left.Length == 0 || new[] { right.Length, split.Length, conditions.Length, defaults.Length }.Any(Differs))
        {
            throw new ModelLoadException($"The arrays of tree {_trees.Count} must have the same length, not 0.");
        }

        var root = _nodes.Count;
        var depth = 0;
        var level = new List<int> { 0 };
        for (var next = root + 1; ; depth++)
        {
            var below = new List<int>();
            foreach (var id in level)
            {
                if (left[id] < 0)
                {
                    AddNode(new(float.NaN, 0, _nodes.Count), conditions[id], false);
                    continue;
                }

                // A tree has fewer nodes than the arrays; with cycles, it would have more.
                Require(IsChild(left[id]) && IsChild(right[id]) && next - root + 2 <= left.Length, "child");
                Require(split[id] >= 0 && split[id] < features, "feature");
                AddNode(new(conditions[id], split[id], next), 0, !defaults[id]);
                below.Add(left[id]);
                below.Add(right[id]);
                next += 2;
            }

            if (below.Count == 0)
            {
                break;
            }

            level = below;
        }

        _trees.Add(new(root, depth, group));

        bool Differs(int length) => length != left.Length;
        bool IsChild(int id) => id > 0 && id < left.Length;
    }

    /// <summary>Creates the ensemble of the trees added.</summary>
    public TreeEnsemble Build() =>
        new(features, groups, [.. _trees], [.. _nodes], [.. _values], [.. _missingGoesRight]);

    private void AddNode(TreeNode node, float value, bool missingGoesRight)
    {
        _nodes.Add(node);
        _values.Add(value);
        _missingGoesRight.Add(missingGoesRight ? (byte)1 : (byte)0);
    }

    private void Require(bool isValid, string what)
    {
        if (!isValid)
        {
            throw new ModelLoadException($"Tree {_trees.Count} refers to a {what} that it lacks.");
        }
    }

    private static bool IsOne(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.GetInt32() != 0;

    private static T[] Read<T>(JsonElement tree, string name, Func<JsonElement, T> read) =>
        [.. tree.GetProperty(name).EnumerateArray().Select(read)];
}
