using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CogniForge.Llm.Configuration;

/// <summary>How documents are kept. What a newer release has written, an older one reads without the fields that it does not know, so that both can run side by side.</summary>
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

    /// <exception cref="JsonException">It is no such document.</exception>
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
