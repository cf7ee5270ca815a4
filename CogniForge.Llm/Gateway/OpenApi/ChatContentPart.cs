using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A part of a message. Kinds that are not described here go to the provider as they are.</summary>
/// <param name="Type"><c>text</c>, <c>image_url</c>, <c>input_audio</c>, <c>file</c> …</param>
/// <param name="Text">Of a <c>text</c>.</param>
/// <param name="ImageUrl">Of an <c>image_url</c>: <c>url</c>, an address or <c>data:image/png;base64,…</c>, and <c>detail</c>.</param>
internal sealed record ChatContentPart(
    string Type,
    string? Text = null,
    [property: JsonPropertyName("image_url")] JsonObject? ImageUrl = null
);
