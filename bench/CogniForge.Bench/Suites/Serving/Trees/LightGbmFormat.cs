using System.Globalization;
using System.Text;

namespace CogniForge.Bench.Suites.Serving.Trees;

/// <summary>Writes trees as LightGBM's text.</summary>
/// <remarks>Its splits send equal values to the first child: a threshold is the number before XGBoost's.</remarks>
internal static class LightGbmFormat
{
    // The default goes to the first child; missing values are not looked for.
    private const string DecisionType = "2";

    private static readonly int[] _splits = [.. Enumerable.Range(0, RandomTrees.Splits)];

    public static string Write(RandomTrees trees)
    {
        var names = string.Join(' ', Enumerable.Range(0, RandomTrees.Features).Select(f => $"f{f}"));
        var infos = string.Join(' ', Enumerable.Repeat("[0:1]", RandomTrees.Features));
        var text = new StringBuilder(
            $"""
            tree
            version=v4
            num_class=1
            num_tree_per_iteration=1
            label_index=0
            max_feature_idx={RandomTrees.Features - 1}
            objective=regression
            feature_names={names}
            feature_infos={infos}


            """
        );
        var leaves = Enumerable.Range(RandomTrees.Splits, RandomTrees.Splits + 1);
        for (var tree = 0; tree < RandomTrees.Trees; tree++)
        {
            var root = tree * RandomTrees.Nodes;
            text.Append(
                CultureInfo.InvariantCulture,
                $"""
                Tree={tree}
                num_leaves={RandomTrees.Splits + 1}
                num_cat=0
                split_feature={Join(_splits, n => trees.Feature[root + n])}
                threshold={Join(_splits, n => (double)MathF.BitDecrement(trees.Value[root + n]))}
                decision_type={Join(_splits, _ => DecisionType)}
                left_child={Join(_splits, n => GetChild((2 * n) + 1))}
                right_child={Join(_splits, n => GetChild((2 * n) + 2))}
                leaf_value={Join(leaves, n => (double)trees.Value[root + n])}
                is_linear=0
                shrinkage=1


                """
            );
        }

        return text.Append("end of trees\n").ToString();
    }

    // Leaves count from -1 downwards.
    private static int GetChild(int node) => node < RandomTrees.Splits ? node : ~(node - RandomTrees.Splits);

    private static string Join<T>(IEnumerable<int> nodes, Func<int, T> get) =>
        string.Join(' ', nodes.Select(n => string.Create(CultureInfo.InvariantCulture, $"{get(n)}")));
}
