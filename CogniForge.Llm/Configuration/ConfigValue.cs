using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Configuration;

/// <summary>Reads the texts of the configuration as JSON values.</summary>
internal static class ConfigValue
{
    /// <summary>Reads any value: settings of its own and the text of an object become an object.</summary>
    public static JsonNode? ReadJson(IConfigurationSection setting)
    {
        var children = setting.GetChildren().ToList();
        if (children.Count > 0)
        {
            return new JsonObject(children.Select(c => KeyValuePair.Create(c.Key, ReadJson(c))));
        }

        var text = setting.Value ?? "";
        try
        {
            // The file's true is True here.
            return bool.TryParse(text, out var flag) ? flag : StrictJson.Parse(Encoding.UTF8.GetBytes(text));
        }
        catch (JsonException)
        {
            return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : text;
        }
    }

    /// <summary>Parses a value of a type; null: it is not one.</summary>
    public static JsonNode? Parse(string text, Type type)
    {
        if (type == typeof(string))
        {
            return text;
        }

        if (type == typeof(bool))
        {
            return bool.TryParse(text, out var flag) ? flag : null;
        }

        if (type == typeof(int))
        {
            return int.TryParse(text, CultureInfo.InvariantCulture, out var whole) ? whole : null;
        }

        if (type == typeof(decimal))
        {
            return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
                ? exact
                : null;
        }

        if (type == typeof(double))
        {
            return double.TryParse(text, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? number
                : null;
        }

        return type.IsEnum && Enum.TryParse(type, text, ignoreCase: true, out var value)
            ? JsonNamingPolicy.CamelCase.ConvertName(value.ToString()!)
            : null;
    }

    /// <summary>The rule for values of a type.</summary>
    public static string GetRule(Type type) =>
        type == typeof(bool) ? "must be true or false"
        : type == typeof(int) ? "must be a whole number in range"
        : type == typeof(double) || type == typeof(decimal) ? "must be a number"
        : type.IsEnum
            ? $"must be one of {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))}"
        : type == typeof(string) ? "must be a text"
        : "can only be set by the API";
}
