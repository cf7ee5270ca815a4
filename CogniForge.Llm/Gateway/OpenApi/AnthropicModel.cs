using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>Anthropic's description of a model.</summary>
internal sealed record AnthropicModel(
    string Type,
    string Id,
    [property: JsonPropertyName("display_name")] string DisplayName,
    [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt
)
{
    /// <summary>A model of which the name is all that is known; the epoch is Anthropic's way to say so of its date.</summary>
    public static AnthropicModel Create(string name) => new("model", name, name, DateTimeOffset.UnixEpoch);
}
