using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CogniForge.Llm.Configuration;

/// <summary>
/// The JSON of stored entries. Unknown fields are skipped, so that an older release can run beside a newer one.
/// </summary>
internal static class ConfigJson
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { SkipUnknown } },
    };

    public static string Write<T>(T document) => JsonSerializer.Serialize(document, _options);

    public static JsonTypeInfo GetTypeInfo(Type type) => _options.GetTypeInfo(type);

    /// <exception cref="JsonException">A value has the wrong type, or the document is null.</exception>
    public static T Read<T>(string document) =>
        JsonSerializer.Deserialize<T>(document, _options) ?? throw new JsonException("must not be null");

    private static void SkipUnknown(JsonTypeInfo type)
    {
        if (type.Kind == JsonTypeInfoKind.Object)
        {
            type.UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip;
        }
    }
}
