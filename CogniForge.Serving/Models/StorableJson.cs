using System.Text.Json;

namespace CogniForge.Serving.Models;

/// <summary>Whether Postgres can store free JSON, as the audit does: jsonb takes less than JSON allows.</summary>
internal static class StorableJson
{
    /// <summary>The rule in words, phrased to follow the path of the JSON.</summary>
    public const string Rule = "must not contain U+0000, broken surrogate pairs or numbers beyond double precision";

    public static bool IsValid(JsonElement json)
    {
        try
        {
            return IsStorable(json);
        }
        catch (InvalidOperationException)
        {
            return false; // a broken surrogate pair
        }
    }

    private static bool IsStorable(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Object => json.EnumerateObject().All(m => IsStorable(m.Name) && IsStorable(m.Value)),
            JsonValueKind.Array => json.EnumerateArray().All(IsStorable),
            JsonValueKind.String => IsStorable(json.GetString()!),
            JsonValueKind.Number => json.TryGetDouble(out var number) && double.IsFinite(number),
            _ => true,
        };

    private static bool IsStorable(string text) => !text.Contains('\0', StringComparison.Ordinal);
}
