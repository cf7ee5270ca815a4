using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Overload;

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
) : IDisposable
{
    /// <summary>The maximum number of elements of a request's tensors: at 8 bytes each, 80 MB.</summary>
    public const int MaxElements = 10_000_000;

    /// <summary>Receives the text of a model that generates it part by part; null: only the whole is of use.</summary>
    public TextSink? Texts { get; init; }

    /// <summary>What the request takes from the share of its key; null: it is not counted.</summary>
    public BodyShare? Memory { get; init; }

    /// <summary>The size of the batch: the first dimension of the first input.</summary>
    public int Rows => Inputs[0].Shape is [var rows, ..] ? rows : 1;

    /// <summary>Whether an output is to be returned as raw bytes (<see cref="BinaryData"/>).</summary>
    public bool IsBinary(string output) =>
        ReadFlag(Outputs.FirstOrDefault(o => o.Name == output)?.Parameters, BinaryData.Output)
        ?? ReadFlag(Parameters, BinaryData.AllOutputs)
        ?? false;

    /// <summary>Writes the request as JSON, for another server: all outputs are requested, none as raw bytes.</summary>
    public async ValueTask WriteToAsync(Utf8JsonWriter json, Func<ValueTask> flushAsync)
    {
        json.WriteStartObject();
        if (Id is not null)
        {
            json.WriteString("id", Id);
        }

        json.WriteStartArray("inputs");
        foreach (var input in Inputs)
        {
            await input.WriteToAsync(json, flushAsync);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Gives the memory of the inputs back for other requests.</summary>
    public void Dispose()
    {
        foreach (var input in Inputs)
        {
            input.Release();
        }
    }

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
    ) => TryParse(utf8, [], maxElements, out request, out error);

    /// <summary>Reads a request body in one pass and stops at the first error. Never throws.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="raw">The raw bytes after the JSON.</param>
    /// <param name="maxElements">The maximum number of elements of all input tensors together.</param>
    /// <param name="request">The request, if the body is valid.</param>
    /// <param name="error">The first error, if it is not.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> utf8,
        ReadOnlySpan<byte> raw,
        int maxElements,
        [NotNullWhen(true)] out InferRequest? request,
        [NotNullWhen(false)] out FieldError? error
    ) => TryParse(utf8, raw, maxElements, true, out request, out error);

    private static bool TryParse(
        ReadOnlySpan<byte> utf8,
        ReadOnlySpan<byte> raw,
        int maxElements,
        bool canScan,
        [NotNullWhen(true)] out InferRequest? request,
        [NotNullWhen(false)] out FieldError? error
    )
    {
        var cursor = new RequestCursor(utf8, raw, maxElements, canScan);
        try
        {
            request = InferRequestReader.Read(ref cursor);
            error = cursor.Error;
        }
        catch (JsonException) when (cursor.HasScanned)
        {
            return TryParse(utf8, raw, maxElements, false, out request, out error);
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

    private static bool? ReadFlag(JsonElement? parameters, string name) =>
        parameters?.TryGetProperty(name, out var flag) != true ? null
        : flag.ValueKind is JsonValueKind.True ? true
        : false;
}
