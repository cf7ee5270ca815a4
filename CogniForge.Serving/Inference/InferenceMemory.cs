using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Inference;

/// <summary>Counts the memory that an inference takes towards the share of its key.</summary>
internal static class InferenceMemory
{
    // A raw byte becomes a double, and models copy their inputs.
    private const long BytesPerElement = 16;

    // A probability, a label, and their part of the response.
    private const long BytesPerRow = 64;

    // Numbers alone cannot exceed it.
    private const long MaxOutputBytes = sizeof(double) * (long)InferRequest.MaxElements;

    /// <summary>Waits until the key's other requests leave room for the inputs of a request.</summary>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public static ValueTask TakeInputsAsync(InferRequest request, CancellationToken cancellationToken) =>
        request.Memory?.AddWorkAsync(EstimateInputs(request), cancellationToken) ?? ValueTask.CompletedTask;

    /// <summary>Takes the outputs that a model will compute; returns an error if they are too large.</summary>
    /// <exception cref="OverloadedException">The key's other requests leave no room.</exception>
    public static FieldError? TakeOutputs(InferRequest request, IReadOnlyList<TensorMetadata> outputs)
    {
        var perRow = outputs.Sum(o => o.Shape is [-1, ..] ? GetSize(o) : 0);
        var elements = outputs.Sum(o => o.Shape is [-1, ..] ? 0 : GetSize(o)) + (perRow * request.Rows);
        if (elements > InferRequest.MaxElements)
        {
            return new(
                "inputs",
                $"must have fewer rows: the outputs of these would have {elements} elements, and "
                    + $"{InferRequest.MaxElements} are allowed"
            );
        }

        var bytes = EstimateInputs(request) + (elements * BytesPerElement);
        return request.Memory?.TryAddWork(bytes) == false ? throw CreateRefusal() : null;
    }

    /// <summary>Creates what is thrown for a request that is beyond the share of its key.</summary>
    public static OverloadedException CreateRefusal() =>
        new("Other requests of this key take its memory; try again shortly.")
        {
            Status = StatusCodes.Status429TooManyRequests,
        };

    /// <summary>Returns an error if outputs are too large to be sent: a short row may have a long label.</summary>
    public static FieldError? CheckOutputs(IReadOnlyList<Tensor> outputs)
    {
        var bytes = outputs.Sum(o => o.RawBytes);
        return bytes <= MaxOutputBytes
            ? null
            : new(
                "inputs",
                $"must have fewer rows: the outputs of these have {bytes} bytes, and {MaxOutputBytes} are allowed"
            );
    }

    private static long EstimateInputs(InferRequest request) =>
        (request.Inputs.Sum(t => (long)t.Count) * BytesPerElement) + (request.Rows * BytesPerRow);

    // Sizes that vary are not known before the model has run.
    private static long GetSize(TensorMetadata output) =>
        output.Shape.Where(size => size > 0).Aggregate(1L, (product, size) => checked(product * size));
}
