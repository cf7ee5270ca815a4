using System.Globalization;
using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;
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
            Describe(runner.Inputs, version.Schema.Inputs),
            Describe(runner.Outputs, version.Schema.Outputs)
        );

    // What the model itself declares counts; others have the schema that they were registered with.
    private static IReadOnlyList<TensorDescription> Describe(
        IReadOnlyList<TensorMetadata> declared,
        IReadOnlyList<TensorSpec> registered
    ) =>
        declared.Count > 0
            ? [.. declared.Select(TensorDescription.From)]
            : [.. registered.Select(t => new TensorDescription(t.Name, t.Datatype, [.. t.Shape.Select(s => (int)s)]))];

}
