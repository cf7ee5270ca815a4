using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CogniForge.ServiceDefaults.Audit;

/// <summary>Writes states as JSON of bounded size.</summary>
internal static class AuditJson
{
    /// <summary>The maximum size of a state in bytes; of a larger one, only size and hash are kept.</summary>
    public const int MaxBytes = 16 * 1024;

    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static JsonElement? Write(object? state)
    {
        if (state is null)
        {
            return null;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(state, _options);
        return json.Length <= MaxBytes
            ? JsonSerializer.Deserialize<JsonElement>(json)
            : JsonSerializer.SerializeToElement(
                new { bytes = json.Length, sha256 = Convert.ToHexStringLower(SHA256.HashData(json)) }
            );
    }
}
