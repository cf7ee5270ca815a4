using System.Text.Json.Serialization;

namespace CogniForge.Serving.Models;

/// <summary>The tensors that a version takes and returns.</summary>
/// <param name="Inputs">The input tensors; empty: the model itself declares them.</param>
/// <param name="Outputs">The output tensors; empty: the model itself declares them.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ModelSchema(IReadOnlyList<TensorSpec> Inputs, IReadOnlyList<TensorSpec> Outputs)
{
    public static readonly ModelSchema Empty = new([], []);

    /// <summary>The schema that follows from an inline definition; empty for other kinds.</summary>
    public static ModelSchema Derive(string kind, string? definition)
    {
        if (definition is null || kind is not (ModelKind.Logistic or ModelKind.Linear))
        {
            return Empty;
        }

        var inputs = kind == ModelKind.Logistic
            ? LogisticDefinition.Read(definition).Inputs.Length
            : LinearDefinition.Read(definition).Inputs.Length;
        TensorSpec features = new("features", "FP64", [-1, inputs]);
        return kind == ModelKind.Logistic
            ? new([features], [new("probability", "FP64", [-1]), new("label", "BYTES", [-1])])
            : new([features], [new("prediction", "FP64", [-1])]);
    }
}
