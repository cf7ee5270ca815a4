using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Inference;

/// <summary>The result of an inference: exactly one is set.</summary>
/// <param name="Response">The response.</param>
/// <param name="Error">The first error of the request.</param>
internal readonly record struct InferenceResult(InferResponse? Response, FieldError? Error);
