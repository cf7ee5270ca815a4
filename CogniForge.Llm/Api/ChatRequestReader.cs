using System.Text.Json;
using CogniForge.Llm.Domain;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Llm.Api;

/// <summary>Reads the fields of a chat request that the gateway itself uses, and says of each what is wrong. It is read from the raw JSON: fields that are unknown here are the provider's business.</summary>
internal static class ChatRequestReader
{
    /// <summary>Reads a request.</summary>
    /// <returns>The rules that it breaks; empty when <paramref name="request"/> is set.</returns>
    public static IReadOnlyList<FieldError> Read(JsonElement body, out ChatRequest? request)
    {
        request = null;
        if (body.ValueKind != JsonValueKind.Object)
        {
            return [new("", "must be a JSON object")];
        }

        var errors = new List<FieldError>();
        var model = Text(body, "model", "model", errors);
        var messages = Messages(body, errors);
        var maxTokens = MaxTokens(body, "max_completion_tokens", errors) ?? MaxTokens(body, "max_tokens", errors);
        if (body.TryGetProperty("stream", out var stream) && stream.ValueKind is not (JsonValueKind.False or JsonValueKind.Null))
        {
            errors.Add(new("stream", "must be false: streaming is not served yet"));
        }

        if (errors.Count == 0)
        {
            request = new(model!, messages, maxTokens);
        }

        return errors;
    }

    private static List<Message> Messages(JsonElement body, List<FieldError> errors)
    {
        var messages = new List<Message>();
        if (!body.TryGetProperty("messages", out var array) || array.ValueKind != JsonValueKind.Array || array.GetArrayLength() == 0)
        {
            errors.Add(new("messages", "must be an array with at least one message"));
            return messages;
        }

        foreach (var (i, message) in array.EnumerateArray().Index())
        {
            var path = $"messages[{i}]";
            if (message.ValueKind != JsonValueKind.Object)
            {
                errors.Add(new(path, "must be an object"));
                continue;
            }

            var role = Text(message, "role", $"{path}.role", errors);
            if (role is not null && !MessageRole.All.Contains(role))
            {
                errors.Add(new($"{path}.role", $"must be one of {string.Join(", ", MessageRole.All)}"));
            }

            messages.Add(new(role ?? "", Content(message, path, role, errors)));
        }

        return messages;
    }

    private static string Content(JsonElement message, string path, string? role, List<FieldError> errors)
    {
        var kind = message.TryGetProperty("content", out var content) ? content.ValueKind : JsonValueKind.Null;
        var text = kind switch
        {
            JsonValueKind.String => Unicode(content),
            JsonValueKind.Array => Joined(content),
            JsonValueKind.Null when role == MessageRole.Assistant => "", // a turn that was tool calls alone
            _ => null,
        };
        if (text is null)
        {
            errors.Add(new($"{path}.content", "must be a string of valid Unicode or an array of parts"));
        }

        return text ?? "";
    }

    /// <summary>The text parts of a message; null where one is no valid Unicode.</summary>
    private static string? Joined(JsonElement parts)
    {
        var texts = parts.EnumerateArray()
            .Where(p => p.ValueKind == JsonValueKind.Object && p.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
            .Select(p => Unicode(p.GetProperty("text"))).ToList();
        return texts.Contains(null) ? null : string.Concat(texts);
    }

    private static int? MaxTokens(JsonElement body, string name, List<FieldError> errors)
    {
        if (!body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 1)
        {
            return number;
        }

        errors.Add(new(name, "must be a whole number, 1 or more"));
        return null;
    }

    private static string? Text(JsonElement element, string name, string path, List<FieldError> errors)
    {
        if (element.TryGetProperty(name, out var value) && Unicode(value) is { Length: > 0 } text)
        {
            return text;
        }

        errors.Add(new(path, "must be a string of valid Unicode that is not empty"));
        return null;
    }

    /// <summary>The text of a string; null where it is something else, or no valid Unicode.</summary>
    private static string? Unicode(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate or broken UTF-8 is found only here, and there is no Try form of GetString.
            return null;
        }
    }
}
