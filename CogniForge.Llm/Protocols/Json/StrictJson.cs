using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace CogniForge.Llm.Protocols.Json;

/// <summary>
/// Parses JSON strictly. .NET parses lazily: without this, duplicate names and invalid Unicode throw only when the
/// value is first read, far from the code that handles invalid input.
/// </summary>
internal static class StrictJson
{
    /// <summary>
    /// The maximum nesting depth. Below .NET's limit of 64, so that a translation may add levels around it.
    /// </summary>
    public const int MaxDepth = 48;

    /// <summary>The error for a body that is not strict JSON. Request parsing has already checked the depth.</summary>
    public const string Rule =
        "The body must not contain duplicate names or invalid Unicode, because it is translated for this model";

    private static readonly JsonDocumentOptions _options = new()
    {
        AllowDuplicateProperties = false,
        MaxDepth = MaxDepth,
    };

    /// <summary>Parses an object.</summary>
    /// <exception cref="JsonException">
    /// The JSON is not an object, is nested too deeply, or contains a duplicate name or invalid Unicode.
    /// </exception>
    public static JsonObject Parse(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw new JsonException("The JSON is not valid UTF-8.");
        }

        var value = ParseNode(utf8) as JsonObject ?? throw new JsonException("The JSON is not an object.");
        if (utf8.IndexOf("\\u"u8) >= 0)
        {
            Serialize(value);
        }

        return value;
    }

    /// <summary>Copies an object and checks it.</summary>
    /// <exception cref="JsonException">As for <see cref="Parse"/>.</exception>
    public static JsonObject Copy(JsonObject value) => Parse(Serialize(value).Span);

    // The search for duplicate names reads names, which detects lone surrogates.
    private static JsonNode? ParseNode(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonNode.Parse(utf8, null, _options);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("The JSON contains invalid Unicode.", e);
        }
    }

    /// <exception cref="JsonException">The JSON contains invalid Unicode.</exception>
    private static ReadOnlyMemory<byte> Serialize(JsonObject value) =>
        InvalidUnicode.Throw(value, static v => WireJson.Write(v));
}
