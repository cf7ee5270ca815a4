using System.Text.Json;
using CogniForge.Llm.Protocols.Json;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>
/// The metadata of a request in OpenAI's APIs for the request log. The provider gets all of it and decides whether it
/// is valid.
/// </summary>
internal static class RequestMetadata
{
    /// <summary>Reads the first texts within the bounds of a key's metadata; null: none.</summary>
    public static IReadOnlyDictionary<string, string>? Read(JsonElement body)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (body.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in metadata.EnumerateObject().TakeWhile(_ => texts.Count < KeyMetadata.MaxPairs))
            {
                var (name, text) = (member.ValidName(), RequestFields.ReadUnicode(member.Value));
                if (KeyMetadata.Validate(name, text) is null)
                {
                    texts[name] = text!;
                }
            }
        }

        return texts.Count == 0 ? null : texts;
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
