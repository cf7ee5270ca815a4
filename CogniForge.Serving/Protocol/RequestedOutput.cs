using System.Text.Json;

namespace CogniForge.Serving.Protocol;

/// <summary>An output tensor requested for an inference: the protocol's <c>$request_output</c>.</summary>
/// <param name="Name">The output's name.</param>
/// <param name="Parameters">The output's <c>parameters</c> as sent; this server ignores them.</param>
internal sealed record RequestedOutput(string Name, JsonElement? Parameters);
