using System.Text.Json;

namespace CogniForge.Bench.Suites.Serving.Trees;

/// <summary>Writes trees as XGBoost's JSON.</summary>
internal static class XGBoostFormat
{
    public static byte[] Write(RandomTrees trees)
    {
        int[] nodes = [.. Enumerable.Range(0, RandomTrees.Nodes)];
        return JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                learner = new
                {
                    learner_model_param = new
                    {
                        num_feature = $"{RandomTrees.Features}",
                        num_class = "0",
                        base_score = "0",
                    },
                    objective = new { name = "reg:squarederror" },
                    gradient_booster = new
                    {
                        name = "gbtree",
                        model = new
                        {
                            tree_info = new int[RandomTrees.Trees],
                            trees = Enumerable
                                .Range(0, RandomTrees.Trees)
                                .Select(tree => new
                                {
                                    left_children = nodes.Select(n => n < RandomTrees.Splits ? (2 * n) + 1 : -1),
                                    right_children = nodes.Select(n => n < RandomTrees.Splits ? (2 * n) + 2 : -1),
                                    split_indices = nodes.Select(n => trees.Feature[(tree * RandomTrees.Nodes) + n]),
                                    split_conditions = nodes.Select(n => trees.Value[(tree * RandomTrees.Nodes) + n]),
                                    default_left = nodes.Select(_ => 1),
                                }),
                        },
                    },
                },
            }
        );
    }
}
