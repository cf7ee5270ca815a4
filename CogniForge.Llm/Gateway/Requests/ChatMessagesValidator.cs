using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>Validates the messages of a Chat Completions request.</summary>
internal static class ChatMessagesValidator
{
    private static readonly string[] _roles = ["developer", "system", "user", "assistant", "tool", "function"];
    private static readonly string _roleRule = $"must be one of {string.Join(", ", _roles)}";

    /// <returns>The approximate number of characters of the messages.</returns>
    public static int Validate(JsonElement body, FieldErrors errors)
    {
        var characters = 0;
        foreach (var (index, message) in RequestMessages.Read(body, errors))
        {
            characters += ValidateMessage(message, index, errors);
        }

        return characters;
    }

    private static int ValidateMessage(JsonElement message, int index, FieldErrors errors)
    {
        var role = message.TryGetProperty("role", out var value) ? RequestFields.ReadUnicode(value) : null;
        if (string.IsNullOrEmpty(role))
        {
            errors.Add(new($"messages[{index}].role", "must be a string of valid Unicode that is not empty"));
        }
        else if (!_roles.Contains(role))
        {
            errors.Add(new($"messages[{index}].role", _roleRule));
        }

        var kind = message.TryGetProperty("content", out var content) ? content.ValueKind : JsonValueKind.Null;
        if (kind == JsonValueKind.Array && FindInvalidPart(content) is { } invalid)
        {
            errors.Add(new($"messages[{index}].content[{invalid}]", "must be an object"));
            return 0;
        }

        var isValid = kind switch
        {
            JsonValueKind.String => RequestFields.IsUnicode(content),
            JsonValueKind.Array => content.EnumerateArray().All(IsValidPart),
            JsonValueKind.Null => role == "assistant", // a message with tool calls alone
            _ => false,
        };
        if (!isValid)
        {
            errors.Add(new($"messages[{index}].content", "must be a string of valid Unicode or an array of parts"));
            return 0;
        }

        return RequestFields.CountCharacters(content) + RequestFields.CountCharacters(message, "tool_calls");
    }

    private static int? FindInvalidPart(JsonElement content)
    {
        var index = 0;
        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind != JsonValueKind.Object)
            {
                return index;
            }

            index++;
        }

        return null;
    }

    private static bool IsValidPart(JsonElement part) =>
        !part.TryGetProperty("text", out var text)
        || text.ValueKind != JsonValueKind.String
        || RequestFields.IsUnicode(text);
}
