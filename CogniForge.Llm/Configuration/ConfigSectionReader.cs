using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>Reads settings of the configuration into a model of the admin API, and collects all errors.</summary>
internal sealed class ConfigSectionReader
{
    private readonly List<FieldError> _errors = [];

    /// <summary>Unknown settings and values of the wrong type, by the paths of the API.</summary>
    public IReadOnlyList<FieldError> Errors => _errors;

    public T Read<T>(IEnumerable<IConfigurationSection> settings) =>
        ConfigJson.Read<T>(ReadObject(settings, "", ConfigJson.GetTypeInfo(typeof(T)))?.ToJsonString() ?? "{}");

    /// <summary>Reads an object; null: it lacks a required setting.</summary>
    private JsonObject? ReadObject(IEnumerable<IConfigurationSection> settings, string path, JsonTypeInfo type)
    {
        var result = new JsonObject();
        foreach (var setting in settings)
        {
            if (Find(setting.Key) is { } property)
            {
                result[property.Name] = Read(setting, Join(path, property.Name), property.PropertyType);
            }
            // The API's firstTokenMs and lifetimeSeconds are FirstToken and Lifetime here, with durations as values.
            else if (Find($"{setting.Key}Ms") is { } milliseconds)
            {
                result[milliseconds.Name] = ReadDuration(setting, path, TimeSpan.FromMilliseconds(1));
            }
            else if (Find($"{setting.Key}Seconds") is { } seconds)
            {
                result[seconds.Name] = ReadDuration(setting, path, TimeSpan.FromSeconds(1));
            }
            else
            {
                _errors.Add(new(Join(path, setting.Key), "is not a known setting"));
            }
        }

        foreach (var missing in type.Properties.Where(p => p.IsRequired && !result.ContainsKey(p.Name)))
        {
            _errors.Add(new(Join(path, missing.Name), "must be set"));
        }

        return type.Properties.Any(p => p.IsRequired && result[p.Name] is null) ? null : result;

        JsonPropertyInfo? Find(string name) =>
            type.Properties.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    private JsonNode? Read(IConfigurationSection setting, string path, Type type)
    {
        var info = ConfigJson.GetTypeInfo(type);
        if (info.Kind == JsonTypeInfoKind.None)
        {
            return ReadValue(setting, path, Nullable.GetUnderlyingType(type) ?? type);
        }

        var isObject = info.Kind != JsonTypeInfoKind.Enumerable;
        if (setting.Value is { Length: > 0 })
        {
            _errors.Add(new(path, isObject ? "must have settings of its own" : "must be a list"));
            return null;
        }

        var children = setting.GetChildren().ToList();
        return children.Count == 0 ? null
            : info.Kind == JsonTypeInfoKind.Dictionary ? ReadDictionary(children, path, info.ElementType!)
            : isObject ? ReadObject(children, path, info)
            : new JsonArray([.. children.Select((c, i) => Read(c, $"{path}[{i}]", info.ElementType!))]);
    }

    /// <summary>Reads a dictionary, whose names the user chooses; an empty value is null.</summary>
    private JsonObject ReadDictionary(IEnumerable<IConfigurationSection> settings, string path, Type type)
    {
        var result = new JsonObject();
        foreach (var setting in settings)
        {
            result[setting.Key] =
                type == typeof(JsonElement)
                    ? ConfigValue.ReadJson(setting)
                    : Read(setting, $"{path}.{setting.Key}", type);
        }

        return result;
    }

    private JsonNode? ReadValue(IConfigurationSection setting, string path, Type type)
    {
        var isSet = setting.Value is { Length: > 0 };
        var value = isSet ? ConfigValue.Parse(setting.Value!, type) : null;
        if (value is null && (isSet || setting.GetChildren().Any()))
        {
            _errors.Add(new(path, ConfigValue.GetRule(type)));
        }

        return value;
    }

    private JsonNode? ReadDuration(IConfigurationSection setting, string path, TimeSpan unit)
    {
        if (setting.Value is not { Length: > 0 } text)
        {
            return null;
        }

        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration))
        {
            return (int)Math.Clamp(duration / unit, int.MinValue, int.MaxValue);
        }

        _errors.Add(new(Join(path, setting.Key), "must be a duration, e.g. 00:00:05"));
        return null;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
