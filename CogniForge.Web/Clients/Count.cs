using System.Text.Json.Serialization;

namespace CogniForge.Web.Clients;

/// <summary>A number of things.</summary>
internal sealed record Count([property: JsonPropertyName("count")] long Value);
