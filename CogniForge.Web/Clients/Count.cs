using System.Text.Json.Serialization;

namespace CogniForge.Web.Clients;

/// <summary>A count of entities.</summary>
internal sealed record Count([property: JsonPropertyName("count")] long Value);
