using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A <c>model</c> object of Anthropic's API.</summary>
internal sealed record AnthropicModel(
    string Type,
    string Id,
    [property: JsonPropertyName("display_name")] string DisplayName,
    [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt
)
{
    /// <summary>Creates a model by its name; Anthropic uses the epoch for an unknown release date.</summary>
    public static AnthropicModel Create(string name) => new("model", name, name, DateTimeOffset.UnixEpoch);
}
