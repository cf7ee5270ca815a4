using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CogniForge.ServiceDefaults.OpenApi;

/// <summary>What a .NET type looks like to who writes it in JSON, in a path or in a query.</summary>
internal static class WireTypes
{
    /// <summary>Completes "must be …".</summary>
    /// <param name="type">The type; null: not known.</param>
    /// <param name="options">How it is read.</param>
    public static string Describe(Type? type, JsonSerializerOptions options)
    {
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            null => "of another type",
            { IsEnum: true } =>
                $"one of {string.Join(", ", Enum.GetValuesAsUnderlyingType(type).Cast<object>().Select(v => Name(Enum.ToObject(type, v), options)))}",
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

    private static string? Name(object value, JsonSerializerOptions options) =>
        JsonSerializer.SerializeToElement(value, value.GetType(), options).ToString();
}
