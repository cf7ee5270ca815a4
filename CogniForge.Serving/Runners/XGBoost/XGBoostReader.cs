using System.Globalization;
using System.Text.Json;

namespace CogniForge.Serving.Runners.XGBoost;

/// <summary>
/// Reads the JSON that <c>Booster.save_model</c> writes (XGBoost's doc/model.schema): boosters <c>gbtree</c> with
/// numerical splits and one output per tree.
/// </summary>
internal static class XGBoostReader
{
    private const int MaxFeatures = 1_000_000;
    private const int MaxGroups = 10_000;
    private const int MaxName = 256;

    /// <summary>Reads a model.</summary>
    /// <exception cref="ModelLoadException">The JSON is malformed, inconsistent or not supported.</exception>
    public static async Task<XGBoostModel> ReadAsync(Stream json, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(json, cancellationToken: cancellationToken);
            return Read(document.RootElement);
        }
        catch (Exception e)
            when (e
                is JsonException
                    or InvalidOperationException
                    or KeyNotFoundException
                    or FormatException
                    or OverflowException
            )
        {
            throw new ModelLoadException($"The artefact is not XGBoost's JSON model: {e.Message}", e);
        }
    }

    private static XGBoostModel Read(JsonElement root)
    {
        var learner = root.GetProperty("learner");
        var booster = learner.GetProperty("gradient_booster");
        if (booster.GetProperty("name").GetString() is not "gbtree" and var name)
        {
            throw new ModelLoadException($"The booster '{name}' is not supported; gbtree is.");
        }

        var objective = learner.GetProperty("objective").GetProperty("name").GetString()!;
        if (!Objective.IsKnown(objective))
        {
            throw new ModelLoadException($"The objective '{objective}' is not supported.");
        }

        var parameters = learner.GetProperty("learner_model_param");
        var features = ReadNumber(parameters, "num_feature", 1, MaxFeatures);
        var targets = parameters.TryGetProperty("num_target", out _) ? ReadNumber(parameters, "num_target", 0, 1) : 1;
        var groups = Math.Max(Math.Max(1, targets), ReadNumber(parameters, "num_class", 0, MaxGroups));
        var model = booster.GetProperty("model");
        var trees = new TreeReader(features, groups);
        var groupOfTree = model.GetProperty("tree_info");
        var documents = model.GetProperty("trees");
        if (groupOfTree.GetArrayLength() != documents.GetArrayLength())
        {
            throw new ModelLoadException("tree_info must have as many entries as trees.");
        }

        foreach (var (tree, group) in documents.EnumerateArray().Zip(groupOfTree.EnumerateArray()))
        {
            trees.Add(tree, group.GetInt32());
        }

        return new(
            trees.Build(),
            objective,
            ReadBaseMargins(parameters, objective, groups),
            ReadFeatureNames(learner, features)
        );
    }

    // XGBoost requires unique names, and writes none for an array without columns.
    private static string[] ReadFeatureNames(JsonElement learner, int features)
    {
        if (
            !learner.TryGetProperty("feature_names", out var names)
            || names is not { ValueKind: JsonValueKind.Array }
            || names.GetArrayLength() != features
        )
        {
            return [];
        }

        var read = names.EnumerateArray().Select(name => name.GetString()!).ToArray();
        return read.All(name => name is { Length: > 0 and <= MaxName }) && read.Distinct().Count() == features
            ? read
            : [];
    }

    // A number until XGBoost 3.0, "[0.5]" or one number for each output since 3.1.
    private static float[] ReadBaseMargins(JsonElement parameters, string objective, int groups)
    {
        var scores = parameters
            .GetProperty("base_score")
            .GetString()!
            .Trim('[', ']')
            .Split(',')
            .Select(score => float.Parse(score, NumberStyles.Float, CultureInfo.InvariantCulture))
            .ToArray();
        if (scores.Length != 1 && scores.Length != groups)
        {
            throw new ModelLoadException($"base_score must have 1 or {groups} numbers, has {scores.Length}.");
        }

        var margins = Array.ConvertAll(scores, score => Objective.ToMargin(objective, score));
        return margins.All(float.IsFinite)
            ? margins
            : throw new ModelLoadException($"base_score is out of the range of {objective}.");
    }

    private static int ReadNumber(JsonElement parameters, string name, int min, int max)
    {
        var number = int.Parse(parameters.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
        return number >= min && number <= max
            ? number
            : throw new ModelLoadException($"{name} must be from {min} to {max}, is {number}.");
    }
}
