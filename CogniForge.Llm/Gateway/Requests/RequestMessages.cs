using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>Reads the messages of chat completions and of Anthropic's messages.</summary>
internal static class RequestMessages
{
    /// <summary>Reads the messages that are objects, until the errors are full; adds an error for all others.</summary>
    public static IEnumerable<(int Index, JsonElement Message)> Read(JsonElement body, FieldErrors errors)
    {
        if (
            !body.TryGetProperty("messages", out var messages)
            || messages.ValueKind != JsonValueKind.Array
            || messages.GetArrayLength() == 0
        )
        {
            errors.Add(new("messages", "must be an array with at least one message"));
            yield break;
        }

        foreach (var (i, message) in messages.EnumerateArray().Index())
        {
            if (errors.IsFull)
            {
                yield break;
            }

            if (message.ValueKind == JsonValueKind.Object)
            {
                yield return (i, message);
            }
            else
            {
                errors.Add(new($"messages[{i}]", "must be an object"));
            }
        }
    }
}
