using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Serving.Protocol;

/// <summary>Reads the outputs of the protocol's <c>$inference_response</c> object.</summary>
internal static class InferResponseReader
{
    /// <summary>Reads a response body. Never throws.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8,
        [NotNullWhen(true)] out IReadOnlyList<Tensor>? outputs,
        [NotNullWhen(false)] out FieldError? error
    )
    {
        outputs = null;
        var cursor = new RequestCursor(utf8, [], InferRequest.MaxElements, canScan: true);
        try
        {
            outputs = Read(ref cursor);
            error = cursor.Error;
        }
        catch (JsonException)
        {
            error = new FieldError("", "must be well-formed JSON");
        }

        return outputs is not null;
    }

    private static List<Tensor>? Read(ref RequestCursor cursor)
    {
        List<Tensor>? outputs = null;
        cursor.Json.Read();
        if (!cursor.IsObject())
        {
            return null;
        }

        while (cursor.NextMember(out var member))
        {
            if (member != "outputs")
            {
                cursor.Skip();
                continue;
            }

            if (!cursor.IsFirst(outputs is null, member) || !cursor.IsArray(member))
            {
                return null;
            }

            outputs = [];
            while (cursor.NextElement())
            {
                cursor.Within = $"outputs[{outputs.Count}]";
                if (!TensorReader.TryRead(ref cursor, out var tensor))
                {
                    return null;
                }

                cursor.Within = "";
                outputs.Add(tensor);
            }
        }

        cursor.Json.Read(); // throws if anything follows the object
        return cursor.IsGiven(outputs, "outputs") ? outputs : null;
    }
}
