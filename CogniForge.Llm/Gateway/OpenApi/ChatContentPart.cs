using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A content part of a message. Other types are passed to the provider unchanged.</summary>
/// <param name="Type"><c>text</c>, <c>image_url</c>, <c>input_audio</c>, <c>file</c> …</param>
/// <param name="Text">The text of a <c>text</c> part.</param>
/// <param name="ImageUrl">
/// The image of an <c>image_url</c> part: <c>url</c>, a URL or <c>data:image/png;base64,…</c>, and <c>detail</c>.
/// </param>
internal sealed record ChatContentPart(
    string Type,
    string? Text = null,
    [property: JsonPropertyName("image_url")] JsonObject? ImageUrl = null
);
