using System.Text.Json;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>Counts the images of a conversation in every protocol, by the types of the content parts.</summary>
internal static class RequestImages
{
    public static int Count(JsonElement body) => CountInMessages(body, "messages") + CountInMessages(body, "input");

    private static int CountInMessages(JsonElement body, string name) =>
        body.TryGetProperty(name, out var messages) && messages.ValueKind == JsonValueKind.Array
            ? messages.EnumerateArray().Sum(CountInContent)
            : 0;

    private static int CountInContent(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object
        && message.TryGetProperty("content", out var content)
        && content.ValueKind == JsonValueKind.Array
            ? content.EnumerateArray().Sum(CountInPart)
            : 0;

    private static int CountInPart(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object
        && RequestFields.ReadOptionalString(part, "type") is "image_url" or "image" or "input_image"
            ? 1
            : CountInContent(part); // a tool result contains parts of its own
}
