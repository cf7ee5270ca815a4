using System.Text.Json.Serialization;
using CogniForge.Llm.Providers;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A <c>model</c> object of Anthropic's API.</summary>
internal sealed record AnthropicModel(
    string Type,
    string Id,
    [property: JsonPropertyName("display_name")] string DisplayName,
    [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt
)
{
    private static readonly long _maxTime = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Creates a model; Anthropic uses the epoch for an unknown release date.</summary>
    /// <param name="name">The name by which clients request it.</param>
    /// <param name="offered">What its provider lists of it; null: nothing.</param>
    public static AnthropicModel Create(string name, OfferedModel? offered) =>
        new(
            "model",
            name,
            offered?.DisplayName ?? name,
            DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(offered?.Created ?? 0, 0, _maxTime))
        );
}
