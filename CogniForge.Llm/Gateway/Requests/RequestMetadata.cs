using System.Text.Json;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>The metadata of a request in OpenAI's APIs, which the request log has; the provider gets it, too.</summary>
internal static class RequestMetadata
{
    public static IReadOnlyDictionary<string, string>? Read(JsonElement body, FieldErrors errors)
    {
        if (!body.TryGetProperty("metadata", out var metadata) || metadata.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (metadata.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new("metadata", "must be an object of strings"));
            return null;
        }

        var texts = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var member in metadata.EnumerateObject())
        {
            texts[member.Name] = RequestFields.ReadUnicode(member.Value);
            if (texts.Count > KeyMetadata.MaxPairs)
            {
                break; // more are an error, however many there are
            }
        }

        var broken = KeyMetadata.Validate(texts).ToList();
        broken.ForEach(errors.Add);
        return broken.Count > 0 || texts.Count == 0 ? null : texts.ToDictionary(t => t.Key, t => t.Value!);
    }

    /// <summary>Combines the metadata of key and request; a request cannot change that of its key.</summary>
    public static IReadOnlyDictionary<string, string>? Combine(
        IReadOnlyDictionary<string, string>? ofKey,
        IReadOnlyDictionary<string, string>? ofRequest
    ) =>
        ofKey is null ? ofRequest
        : ofRequest is null ? ofKey
        : new Dictionary<string, string>(ofKey.Concat(ofRequest.Where(m => !ofKey.ContainsKey(m.Key))));
}
