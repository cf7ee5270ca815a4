using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>What a stream has besides the answer.</summary>
/// <param name="IncludeUsage">A last chunk with the tokens.</param>
internal sealed record StreamOptions([property: JsonPropertyName("include_usage")] bool? IncludeUsage = null);
