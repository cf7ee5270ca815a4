using System.Runtime.InteropServices;
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
    public static JsonObject Parse(ReadOnlySpan<byte> utf8) => ParseInPlace(utf8.ToArray());

    /// <summary>Parses an object that keeps the bytes, which must not change afterwards.</summary>
    /// <exception cref="JsonException">As for <see cref="Parse"/>.</exception>
    public static JsonObject ParseInPlace(ReadOnlyMemory<byte> utf8)
    {
        if (!Utf8.IsValid(utf8.Span))
        {
            throw new JsonException("The JSON is not valid UTF-8.");
        }

        var value = ParseElement(utf8.Span);
        return
            value.ValueKind != JsonValueKind.Object ? throw new JsonException("The JSON is not an object.")
            : SurrogateRepair.IsValid(utf8.Span) ? JsonObject.Create(value)!
            : throw new JsonException("The JSON contains invalid Unicode.");
    }

    /// <summary>Copies an object and checks it.</summary>
    /// <exception cref="JsonException">As for <see cref="Parse"/>.</exception>
    public static JsonObject Copy(JsonObject value) => ParseInPlace(Serialize(value));

    /// <summary>
    /// Copies a client's request; null: it is not strict JSON, and the provider decides about its duplicate names or
    /// invalid Unicode.
    /// </summary>
    public static JsonObject? TryCopy(JsonElement request)
    {
        try
        {
            return Parse(JsonMarshal.GetRawUtf8Value(request));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether an object within a request has a name twice, or a name of invalid Unicode.</summary>
    public static bool HasDuplicates(JsonElement request)
    {
        try
        {
            ParseElement(JsonMarshal.GetRawUtf8Value(request));
            return false;
        }
        catch (JsonException)
        {
            return true;
        }
    }

    // The search for duplicate names reads names, which detects lone surrogates.
    private static JsonElement ParseElement(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonElement.Parse(utf8, _options); // of a document, each copied value would copy its bytes
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("The JSON contains invalid Unicode.", e);
        }
    }

    /// <summary>Writes an object.</summary>
    /// <exception cref="JsonException">The JSON contains a duplicate name or invalid Unicode.</exception>
    public static ReadOnlyMemory<byte> Serialize(JsonObject value)
    {
        try
        {
            return InvalidUnicode.Throw(value, static v => WireJson.WriteInPieces(v));
        }
        catch (ArgumentException e)
        {
            throw new JsonException("The JSON contains a duplicate name.", e); // reading the members throws this
        }
    }
}
