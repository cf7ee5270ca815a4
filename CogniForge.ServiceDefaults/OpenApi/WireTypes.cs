using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CogniForge.ServiceDefaults.OpenApi;

/// <summary>Describes a .NET type as clients see it in JSON, in a path or in a query.</summary>
internal static class WireTypes
{
    /// <summary>Completes "must be …".</summary>
    /// <param name="type">The type; null: unknown.</param>
    /// <param name="options">The JSON options that read it.</param>
    public static string Describe(Type? type, JsonSerializerOptions options)
    {
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            null => "of a different type",
            { IsEnum: true } =>
                $"one of {string.Join(", ", Names(type, options))}",
            _ when type == typeof(string) || type == typeof(Uri) || type == typeof(char) => "a string",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(Guid) => "a UUID",
            _ when type == typeof(DateTimeOffset) || type == typeof(DateTime) => "a date and time in ISO 8601",
            _ when type == typeof(DateOnly) => "a date in ISO 8601, yyyy-MM-dd",
            _ when type == typeof(TimeOnly) => "a time in ISO 8601",
            _ when type == typeof(TimeSpan) => "a duration such as 00:00:30",
            _ when type == typeof(double) || type == typeof(float) || type == typeof(decimal) => "a number",
            { IsPrimitive: true } => "a whole number in range",
            _ when options.TryGetTypeInfo(type, out var info) && info.Kind == JsonTypeInfoKind.Enumerable => "an array",
            _ => "an object",
        };
    }

    private static IEnumerable<string> Names(Type type, JsonSerializerOptions options) =>
        Enum.GetValuesAsUnderlyingType(type)
            .Cast<object>()
            .Select(v => JsonSerializer.SerializeToElement(Enum.ToObject(type, v), type, options).ToString());
}
