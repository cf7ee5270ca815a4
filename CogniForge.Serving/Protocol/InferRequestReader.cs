using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace CogniForge.Serving.Protocol;

/// <summary>Reads the protocol's <c>$inference_request</c> object.</summary>
internal static class InferRequestReader
{
    private const string Classification = "classification";

    /// <summary>Reads the whole body; null after the cursor has recorded an error.</summary>
    public static InferRequest? Read(ref RequestCursor cursor)
    {
        string? id = null;
        JsonElement? parameters = null;
        List<Tensor>? inputs = null;
        List<RequestedOutput>? outputs = null;

        cursor.Json.Read();
        if (!cursor.IsObject())
        {
            return null;
        }

        while (cursor.NextMember(out var member))
        {
            var read = member switch
            {
                "id" => cursor.IsFirst(id is null, member) && (cursor.IsNull || cursor.ReadText(member, out id)),
                "parameters" => cursor.IsFirst(parameters is null, member)
                    && (cursor.IsNull || cursor.ReadParameters(member, out parameters)),
                "inputs" => cursor.IsFirst(inputs is null, member) && ReadInputs(ref cursor, out inputs),
                "outputs" => cursor.IsFirst(outputs is null, member)
                    && (cursor.IsNull || ReadOutputs(ref cursor, out outputs)),
                _ => cursor.Skip(),
            };
            if (!read)
            {
                return null;
            }
        }

        cursor.Json.Read(); // throws if anything follows the object
        if (!cursor.IsGiven(inputs, "inputs"))
        {
            return null;
        }

        if (cursor.RawBytesLeft > 0)
        {
            cursor.Fail("", $"has {cursor.RawBytesLeft} bytes after those of the last tensor");
            return null;
        }

        return new(id, parameters, inputs, outputs ?? []);
    }

    private static bool ReadInputs(ref RequestCursor cursor, [NotNullWhen(true)] out List<Tensor>? inputs)
    {
        inputs = null;
        if (!cursor.IsArray("inputs"))
        {
            return false;
        }

        var read = new List<Tensor>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (cursor.NextElement())
        {
            cursor.Within = $"inputs[{read.Count}]";
            if (!TensorReader.TryRead(ref cursor, out var tensor) || !IsUnique(ref cursor, names, tensor.Name))
            {
                return false;
            }

            cursor.Within = "";
            read.Add(tensor);
        }

        inputs = read;
        return read.Count > 0 || cursor.Fail("inputs", "must have at least 1 entry");
    }

    private static bool ReadOutputs(ref RequestCursor cursor, [NotNullWhen(true)] out List<RequestedOutput>? outputs)
    {
        outputs = null;
        if (!cursor.IsArray("outputs"))
        {
            return false;
        }

        var read = new List<RequestedOutput>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (cursor.NextElement())
        {
            cursor.Within = $"outputs[{read.Count}]";
            if (!ReadOutput(ref cursor, out var output) || !IsUnique(ref cursor, names, output.Name))
            {
                return false;
            }

            cursor.Within = "";
            read.Add(output);
        }

        outputs = read;
        return true;
    }

    private static bool ReadOutput(ref RequestCursor cursor, [NotNullWhen(true)] out RequestedOutput? output)
    {
        output = null;
        string? name = null;
        JsonElement? parameters = null;
        if (!cursor.IsObject())
        {
            return false;
        }

        while (cursor.NextMember(out var member))
        {
            var read = member switch
            {
                "name" => cursor.IsFirst(name is null, member) && cursor.ReadText(member, out name),
                "parameters" => cursor.IsFirst(parameters is null, member)
                    && (cursor.IsNull || cursor.ReadParameters(member, out parameters)),
                _ => cursor.Skip(),
            };
            if (!read)
            {
                return false;
            }
        }

        if (!cursor.IsGiven(name, "name"))
        {
            return false;
        }

        // Triton's extension_classification.md: the output itself would be something else than was requested.
        if (parameters?.TryGetProperty(Classification, out _) == true)
        {
            return cursor.Fail($"parameters.{Classification}", "is not supported: request the output itself");
        }

        output = new(name, parameters);
        return true;
    }

    private static bool IsUnique(ref RequestCursor cursor, HashSet<string> names, string name) =>
        names.Add(name) || cursor.Fail("name", "must be unique");
}
