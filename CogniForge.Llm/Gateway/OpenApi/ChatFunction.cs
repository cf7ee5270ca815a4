using System.Text.Json.Nodes;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A function that a model may call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, for the model.</param>
/// <param name="Parameters">The JSON Schema of its arguments.</param>
/// <param name="Strict">Whether the arguments must fit the schema.</param>
internal sealed record ChatFunction(
    string Name,
    string? Description = null,
    JsonObject? Parameters = null,
    bool? Strict = null
);
