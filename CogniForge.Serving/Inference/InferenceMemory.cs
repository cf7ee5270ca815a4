using CogniForge.ServiceDefaults.Overload;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Inference;

/// <summary>Counts the memory that an inference takes towards the share of its key.</summary>
internal static class InferenceMemory
{
    // A raw byte becomes a double, and models copy their inputs.
    private const long BytesPerElement = 16;

    // A probability, a label, and their part of the response.
    private const long BytesPerRow = 64;

    /// <summary>Waits until the key's other requests leave room for the work on a request.</summary>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public static ValueTask CountAsync(HttpContext context, InferRequest request) =>
        context.Features.Get<BodyShare>()?.AddWorkAsync(
            (request.Inputs.Sum(t => (long)t.Count) * BytesPerElement) + (request.Rows * BytesPerRow),
            context.RequestAborted
        )
        ?? ValueTask.CompletedTask;
}
