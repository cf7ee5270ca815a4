using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>The form of an answer.</summary>
/// <param name="Type"><c>text</c>, <c>json_object</c> or <c>json_schema</c>.</param>
/// <param name="JsonSchema">Of <c>json_schema</c>: <c>name</c>, <c>schema</c> and <c>strict</c>.</param>
internal sealed record ResponseFormat(
    string Type,
    [property: JsonPropertyName("json_schema")] JsonObject? JsonSchema = null
);
