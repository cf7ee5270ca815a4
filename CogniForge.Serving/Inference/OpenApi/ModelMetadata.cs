using System.Globalization;
using CogniForge.Serving.Models;
using CogniForge.Serving.Runners;

namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>The metadata of a model.</summary>
internal sealed record ModelMetadata(
    string Name,
    IReadOnlyList<string> Versions,
    string Platform,
    IReadOnlyList<TensorDescription> Inputs,
    IReadOnlyList<TensorDescription> Outputs
)
{
    public static ModelMetadata From(ModelVersion version, IModelRunner runner) =>
        new(
            version.Name,
            [version.Version.ToString(CultureInfo.InvariantCulture)],
            runner.Platform,
            [.. runner.Inputs.Select(TensorDescription.From)],
            [.. runner.Outputs.Select(TensorDescription.From)]
        );
}
