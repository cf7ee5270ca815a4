using System.Collections.Frozen;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Serving.Models;

/// <summary>Validates the schema of a version.</summary>
internal static class SchemaValidator
{
    private const int MaxTensors = 1_000;
    private const int MaxDimensions = 16;
    private const int MaxName = 200;

    private static readonly FrozenSet<string> _datatypes = new[]
    {
        "BOOL",
        "UINT8",
        "UINT16",
        "UINT32",
        "UINT64",
        "INT8",
        "INT16",
        "INT32",
        "INT64",
        "FP16",
        "FP32",
        "FP64",
        "BYTES",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static IEnumerable<FieldError> Validate(ModelSchema schema) =>
        Validate("schema.inputs", schema.Inputs).Concat(Validate("schema.outputs", schema.Outputs));

    private static IEnumerable<FieldError> Validate(string path, IReadOnlyList<TensorSpec?>? tensors)
    {
        if (tensors is null)
        {
            yield return new(path, LogisticModelValidator.Required);
            yield break;
        }

        if (tensors.Count > MaxTensors)
        {
            yield return new(path, $"must have at most {MaxTensors} entries, has {tensors.Count}");
            yield break;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, tensor) in tensors.Index())
        {
            foreach (var error in Validate($"{path}[{i}]", tensor, names))
            {
                yield return error;
            }
        }
    }

    private static IEnumerable<FieldError> Validate(string path, TensorSpec? tensor, HashSet<string> names)
    {
        if (tensor is null)
        {
            yield return new(path, LogisticModelValidator.Required);
            yield break;
        }

        if (tensor.Name is not { Length: >= 1 and <= MaxName } || tensor.Name.Contains('\0', StringComparison.Ordinal))
        {
            yield return new($"{path}.name", $"must have 1 to {MaxName} characters, none of them U+0000");
        }
        else if (!names.Add(tensor.Name))
        {
            yield return new($"{path}.name", "must be unique");
        }

        if (tensor.Datatype is null || !_datatypes.Contains(tensor.Datatype))
        {
            yield return new($"{path}.datatype", $"must be one of {string.Join(", ", _datatypes.Order())}");
        }

        if (tensor.Shape is not { Count: <= MaxDimensions } || tensor.Shape.Any(d => d is < -1 or > int.MaxValue))
        {
            yield return new($"{path}.shape", $"must have up to {MaxDimensions} sizes, each -1 or 0 to {int.MaxValue}");
        }
    }
}
