using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>Options for streaming responses.</summary>
/// <param name="IncludeUsage">Whether to stream a final chunk with the token usage of the entire request.</param>
internal sealed record StreamOptions([property: JsonPropertyName("include_usage")] bool? IncludeUsage = null);
