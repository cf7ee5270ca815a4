using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>The format that the model must output.</summary>
/// <param name="Type"><c>text</c>, <c>json_object</c> or <c>json_schema</c>.</param>
/// <param name="JsonSchema">The schema for <c>json_schema</c>: <c>name</c>, <c>schema</c> and <c>strict</c>.</param>
internal sealed record ResponseFormat(
    string Type,
    [property: JsonPropertyName("json_schema")] JsonObject? JsonSchema = null
);
