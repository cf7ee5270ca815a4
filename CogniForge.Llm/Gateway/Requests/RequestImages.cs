using System.Text.Json;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>Counts the images of a conversation in every protocol, by the types of the content parts.</summary>
internal static class RequestImages
{
    public static int Count(JsonElement body) => CountIn(body.Member("messages")) + CountIn(body.Member("input"));

    /// <summary>Whether a part of a message is an image, in any client's format.</summary>
    public static bool IsImage(JsonElement part) =>
        part.TryGetProperty("type"u8, out var type)
        && type.ValueKind == JsonValueKind.String
        && (
            type.ValueEquals("image_url"u8)
            || type.ValueEquals("image"u8)
            || type.ValueEquals("input_image"u8)
            || type.ValueEquals("computer_screenshot"u8)
        );

    private static int CountIn(JsonElement parts) =>
        parts.ValueKind == JsonValueKind.Array ? parts.EnumerateArray().Sum(CountIn)
        : parts.ValueKind != JsonValueKind.Object ? 0
        : IsImage(parts) ? 1
        : CountIn(parts.Member("content")) + CountIn(parts.Member("output")); // of tools
}
