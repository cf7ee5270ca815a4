using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>Validates the messages of a Messages API request.</summary>
internal static class AnthropicMessagesValidator
{
    /// <returns>The approximate number of characters of the messages.</returns>
    public static int Validate(JsonElement body, FieldErrors errors)
    {
        if (
            !body.TryGetProperty("messages", out var messages)
            || messages.ValueKind != JsonValueKind.Array
            || messages.GetArrayLength() == 0
        )
        {
            errors.Add(new("messages", "must be an array with at least one message"));
            return 0;
        }

        var characters = 0;
        foreach (var (i, message) in messages.EnumerateArray().Index())
        {
            if (errors.IsFull)
            {
                break;
            }

            if (message.ValueKind != JsonValueKind.Object)
            {
                errors.Add(new($"messages[{i}]", "must be an object"));
                continue;
            }

            if (RequestFields.ReadOptionalString(message, "role") is not ("user" or "assistant" or "system"))
            {
                errors.Add(new($"messages[{i}].role", "must be one of user, assistant, system"));
            }

            var kind = message.TryGetProperty("content", out var content) ? content.ValueKind : JsonValueKind.Undefined;
            if (kind == JsonValueKind.Array || (kind == JsonValueKind.String && RequestFields.IsUnicode(content)))
            {
                characters += RequestFields.CountCharacters(content);
            }
            else
            {
                errors.Add(new($"messages[{i}].content", "must be a string of valid Unicode or an array of blocks"));
            }
        }

        return characters;
    }
}
