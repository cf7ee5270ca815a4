using System.Text.Json.Nodes;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>The definition of a function that the model may call.</summary>
/// <param name="Name">The name of the function to be called.</param>
/// <param name="Description">
/// A description of what the function does, used by the model to choose when and how to call it.
/// </param>
/// <param name="Parameters">The parameters of the function as a JSON Schema.</param>
/// <param name="Strict">Whether to enforce strict schema adherence of the function call.</param>
internal sealed record ChatFunction(
    string Name,
    string? Description = null,
    JsonObject? Parameters = null,
    bool? Strict = null
);
