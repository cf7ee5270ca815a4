using System.Text.Json.Serialization;

namespace CogniForge.Serving.Models;

/// <summary>A member of an ensemble: a version of another model, which is no ensemble.</summary>
/// <param name="Model">The name of its model.</param>
/// <param name="Version">The number of the version.</param>
/// <param name="Weight">Its weight in votes and means, above 0 and up to 1,000,000. Default: 1.</param>
/// <param name="Output">The output that is combined. Default: by its name, or the first numeric one.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record EnsembleMember(
    string? Model = null,
    int? Version = null,
    double? Weight = null,
    string? Output = null
)
{
    private static readonly string[] _labels = ["label", "output_label"];
    private static readonly string[] _scores = ["probabilities", "probability", "prediction", "predict"];

    /// <summary>Finds the output that a method combines: votes take any, the other methods a numeric one.</summary>
    /// <returns>Its name; null: there is none.</returns>
    public string? FindOutput(EnsembleMethod method, IEnumerable<(string Name, bool IsNumeric)> outputs)
    {
        var isVote = method == EnsembleMethod.MajorityVote;
        List<string> fitting = [.. outputs.Where(o => isVote || o.IsNumeric).Select(o => o.Name)];
        return Output is not null
            ? fitting.Find(name => name == Output)
            : (isVote ? _labels : _scores).FirstOrDefault(fitting.Contains) ?? fitting.FirstOrDefault();
    }
}
