namespace CogniForge.Serving.Inference;

/// <summary>The protocol's errors.</summary>
/// <param name="Error">What is wrong, in words.</param>
internal sealed record ErrorResponse(string Error);
