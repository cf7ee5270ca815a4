using System.Collections.Immutable;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Runners;

/// <summary>Compares the inputs of a request with those that a model requires.</summary>
internal static class InputValidator
{
    /// <summary>Finds the first error; null if the inputs match.</summary>
    /// <param name="inputs">The inputs of the request.</param>
    /// <param name="required">The inputs of the model; empty: any.</param>
    public static FieldError? Validate(IReadOnlyList<Tensor> inputs, IReadOnlyList<TensorMetadata> required)
    {
        if (required.Count == 0)
        {
            return null;
        }

        if (inputs.Count != required.Count)
        {
            var names = string.Join(", ", required.Select(input => $"\"{input.Name}\""));
            return required.Count == 1
                ? new("inputs", $"must have 1 entry, the tensor {names}, has {inputs.Count}")
                : new("inputs", $"must have {required.Count} entries, the tensors {names}, has {inputs.Count}");
        }

        for (var i = 0; i < inputs.Count; i++)
        {
            if (Validate(inputs[i], required) is { } error)
            {
                return error with { Path = $"inputs[{i}].{error.Path}" };
            }
        }

        return null;
    }

    private static FieldError? Validate(Tensor input, IReadOnlyList<TensorMetadata> required)
    {
        if (required.FirstOrDefault(r => r.Name == input.Name) is not { } expected)
        {
            return required is [var only]
                ? new("name", $"must be \"{only.Name}\"")
                : new("name", $"must be one of {string.Join(", ", required.Select(r => r.Name))}");
        }

        if (expected.Datatype.IsNumeric != input.Datatype.IsNumeric)
        {
            return expected.Datatype.IsNumeric
                ? new("datatype", $"must be numeric, such as {expected.Datatype.Name}")
                : new("datatype", $"must be {expected.Datatype.Name}");
        }

        if (!expected.Datatype.IsNumeric && expected.Datatype != input.Datatype)
        {
            return new("datatype", $"must be {expected.Datatype.Name}");
        }

        return Matches(input.Shape, expected.Shape)
            ? null
            : new("shape", $"must be {Describe(expected.Shape)}, is {Tensor.Describe(input.Shape)}");
    }

    private static bool Matches(ImmutableArray<int> shape, ImmutableArray<int> expected) =>
        shape.Length == expected.Length
        && shape.Zip(expected).All(pair => pair.Second < 0 || pair.First == pair.Second);

    private static string Describe(ImmutableArray<int> expected) =>
        $"[{string.Join(',', expected.Select((size, i) => size >= 0 ? $"{size}" : i == 0 ? "rows" : "any"))}]";
}
