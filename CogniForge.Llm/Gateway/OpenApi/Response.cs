using System.Text.Json;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A <c>response</c> object of OpenAI's API.</summary>
internal sealed record Response(
    string Id,
    string Object,
    string Status,
    string Model,
    IReadOnlyList<JsonElement> Output,
    [property: JsonPropertyName("created_at")] long CreatedAt,
    ResponseUsage? Usage
);
