using System.Text.Json;

namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>An inference request.</summary>
/// <param name="Inputs">The input tensors.</param>
/// <param name="Id">An identifier for this request, returned in the response.</param>
/// <param name="Parameters">
/// <c>unit_id</c> and <c>attributes.{name}</c> of an experiment's unit, <c>binary_data_output</c>.
/// </param>
/// <param name="Outputs">The output tensors requested for this inference. Default: all outputs of the model.</param>
internal sealed record InferenceRequestBody(
    IReadOnlyList<TensorBody> Inputs,
    string? Id = null,
    IReadOnlyDictionary<string, JsonElement>? Parameters = null,
    IReadOnlyList<RequestedOutputBody>? Outputs = null
);
