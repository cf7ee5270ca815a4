using System.Text.Json;

namespace CogniForge.Serving.Inference;

/// <summary>An output tensor that a request asks for: the protocol's <c>$request_output</c>.</summary>
/// <param name="Name">The output's name.</param>
/// <param name="Parameters">Its <c>parameters</c> as sent; none of them means anything here.</param>
internal sealed record RequestedOutput(string Name, JsonElement? Parameters);
