using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Serving.Protocol;

/// <summary>An inference request of the Open Inference Protocol v2 (inference_rest.md).</summary>
/// <remarks>
/// Beyond the protocol: at least one input, unique names, no dimension of 0; empty <c>outputs</c> and null optional
/// members count as absent; <c>parameters</c> may be any object (as in its OpenAPI file); ignores unknown members.
/// </remarks>
/// <param name="Id">The client's identifier for this request, returned in the response.</param>
/// <param name="Parameters">The <c>parameters</c> as sent.</param>
/// <param name="Inputs">The input tensors, at least one.</param>
/// <param name="Outputs">The outputs to return, in this order; empty for all.</param>
internal sealed record InferRequest(
    string? Id,
    JsonElement? Parameters,
    IReadOnlyList<Tensor> Inputs,
    IReadOnlyList<RequestedOutput> Outputs
)
{
    /// <summary>The size of the batch: the first dimension of the first input.</summary>
    public int Rows => Inputs[0].Shape is [var rows, ..] ? rows : 1;

    /// <summary>Reads a request body in one pass and stops at the first error. Never throws.</summary>
    /// <param name="utf8">The whole body.</param>
    /// <param name="maxElements">The maximum number of elements of all input tensors together.</param>
    /// <param name="request">The request, if the body is valid.</param>
    /// <param name="error">The first error, if it is not.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> utf8,
        int maxElements,
        [NotNullWhen(true)] out InferRequest? request,
        [NotNullWhen(false)] out FieldError? error
    )
    {
        var cursor = new RequestCursor(utf8, maxElements);
        try
        {
            request = InferRequestReader.Read(ref cursor);
            error = cursor.Error;
        }
        catch (JsonException malformed)
        {
            request = null;
            error = new FieldError(
                "",
                "must be well-formed JSON, at most 64 levels deep; "
                    + $"it is not at line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}"
            );
        }

        return request is not null;
    }
}
