namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>A batch to score.</summary>
/// <remarks>This type and those below are for the OpenAPI document: tensors are read and written without them.</remarks>
/// <param name="Inputs">The input tensors.</param>
/// <param name="Id">Comes back with the answer.</param>
/// <param name="Outputs">The outputs to give. Default: all.</param>
internal sealed record InferenceRequestBody(
    IReadOnlyList<TensorBody> Inputs,
    string? Id = null,
    IReadOnlyList<RequestedOutputBody>? Outputs = null
);
