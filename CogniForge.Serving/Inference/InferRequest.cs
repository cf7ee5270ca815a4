using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Inference;

/// <summary>An inference request of the Open Inference Protocol v2 (inference_rest.md, "Inference Request JSON Object").</summary>
/// <remarks>Beyond the protocol: there is at least one input, names are unique, no dimension is 0, an empty <c>outputs</c> asks for all as an absent one does,
/// and <c>null</c> stands for absent in optional members. <c>parameters</c> may be any object, as the protocol's OpenAPI file has it. Unknown members are ignored.</remarks>
/// <param name="Id">The sender's identifier of this request, which the response gives back.</param>
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

    /// <summary>Reads a request body in one pass, or says the first rule that it breaks. No input makes it throw.</summary>
    /// <param name="utf8">The whole body.</param>
    /// <param name="maxElements">The most elements of all input tensors together.</param>
    /// <param name="request">The request when all is well.</param>
    /// <param name="broken">What is wrong otherwise.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> utf8,
        int maxElements,
        [NotNullWhen(true)] out InferRequest? request,
        [NotNullWhen(false)] out BrokenRule? broken
    )
    {
        var cursor = new RequestCursor(utf8, maxElements);
        try
        {
            request = InferRequestReader.Read(ref cursor);
            broken = cursor.Broken;
        }
        catch (JsonException malformed)
        {
            request = null;
            broken = new(
                BrokenRule.Body,
                $"must be well-formed JSON, at most 64 levels deep; it is not at line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}"
            );
        }

        return request is not null;
    }
}
