using System.Text.Json;
using System.Text.Json.Serialization;

namespace CogniForge.Analytics.Ingestion;

/// <summary>
/// Reads the client's own JSON, whose rules are those of Postgres' jsonb: unlike in our own members, a name may occur
/// twice, and the last one counts.
/// </summary>
internal sealed class OpenJsonConverter : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonElement.ParseValue(ref reader);

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
        value.WriteTo(writer);
}
