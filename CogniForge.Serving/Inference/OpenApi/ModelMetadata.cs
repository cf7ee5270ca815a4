using System.Globalization;
using CogniForge.Serving.Models;

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
    public static ModelMetadata From(ModelVersion version) =>
        new(
            version.Name,
            [version.Version.ToString(CultureInfo.InvariantCulture)],
            LogisticInference.Platform,
            [.. LogisticInference.Inputs(version.GetLogistic()).Select(TensorDescription.From)],
            [.. LogisticInference.Outputs.Select(TensorDescription.From)]
        );
}
