namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>An inference request.</summary>
/// <param name="Inputs">The input tensors.</param>
/// <param name="Id">An identifier for this request, returned in the response.</param>
/// <param name="Outputs">The output tensors requested for this inference. Default: all outputs of the model.</param>
internal sealed record InferenceRequestBody(
    IReadOnlyList<TensorBody> Inputs,
    string? Id = null,
    IReadOnlyList<RequestedOutputBody>? Outputs = null
);
