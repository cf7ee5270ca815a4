using CogniForge.Serving.Models;

namespace CogniForge.Serving.Experiments;

/// <summary>A unit's variant in an experiment.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Variant">The variant.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Version">The variant's version of the model.</param>
internal sealed record Assignment(
    Experiment Experiment,
    ExperimentVariant Variant,
    ExperimentUnit Unit,
    ModelVersion Version
)
{
    /// <summary>The parameters of the response to an inference.</summary>
    public IReadOnlyDictionary<string, string> ToParameters() =>
        new Dictionary<string, string> { ["experiment"] = Experiment.Name, ["variant"] = Variant.Name! };
}
