using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>Validates the messages of a Messages API request.</summary>
internal static class AnthropicMessagesValidator
{
    /// <returns>The approximate number of characters of the messages.</returns>
    public static int Validate(JsonElement body, FieldErrors errors)
    {
        var characters = 0;
        foreach (var (i, message) in RequestMessages.Read(body, errors))
        {
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
