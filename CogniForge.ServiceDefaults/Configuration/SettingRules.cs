using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace CogniForge.ServiceDefaults.Configuration;

/// <summary>The rules of settings, by the properties of their options, in sentences that name the setting.</summary>
internal static class SettingRules
{
    // Above any size in bytes; a range of long has limits of double.
    private const double Unlimited = 1e18;

    /// <summary>Finds settings that no option has, e.g. a misspelled one.</summary>
    public static IEnumerable<string> FindUnknown(IConfigurationSection section, Type type) =>
        Read(section, type).Where(s => s.Property is null).Select(s => $"{s.Setting.Path} is not a known setting.");

    /// <summary>Finds values that the type of their option cannot have.</summary>
    public static IEnumerable<string> FindUnreadable(IConfigurationSection section, Type type) =>
        from setting in Read(section, type)
        where setting.Property is not null && !CanRead(setting.Setting.Value, setting.Property.PropertyType)
        select $"{setting.Setting.Path} {Describe(setting.Property)}.";

    /// <summary>Finds values out of their option's range, also of options within options.</summary>
    public static IEnumerable<string> FindBroken(string path, object options)
    {
        foreach (var property in options.GetType().GetProperties().Where(p => p.CanWrite))
        {
            var (name, value) = ($"{path}:{property.Name}", property.GetValue(options));
            if (property.GetCustomAttribute<RangeAttribute>()?.IsValid(value) == false)
            {
                yield return $"{name} {Describe(property)}.";
            }

            foreach (var error in IsNested(property.PropertyType) && value is not null ? FindBroken(name, value) : [])
            {
                yield return error;
            }
        }

        var others = (options as IValidatableObject)?.Validate(new(options)) ?? [];
        foreach (var result in others)
        {
            yield return result.ErrorMessage!;
        }
    }

    private static IEnumerable<(IConfigurationSection Setting, PropertyInfo? Property)> Read(
        IConfigurationSection section,
        Type type
    )
    {
        foreach (var setting in section.GetChildren())
        {
            var property = type.GetProperties()
                .FirstOrDefault(p => p.CanWrite && p.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null || !IsNested(property.PropertyType))
            {
                yield return (setting, property);
                continue;
            }

            foreach (var inner in Read(setting, property.PropertyType))
            {
                yield return inner;
            }
        }
    }

    private static bool IsNested(Type type) =>
        type is { IsClass: true, Namespace: { } ns } && !ns.StartsWith("System", StringComparison.Ordinal);

    private static bool CanRead(string? text, Type type)
    {
        var converter = TypeDescriptor.GetConverter(type);
        if (text is null || !converter.CanConvertFrom(typeof(string)))
        {
            return true; // a list, or not set
        }

        try
        {
            converter.ConvertFromInvariantString(text);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException)
        {
            return false;
        }
    }

    private static string Describe(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type.IsEnum)
        {
            return $"must be one of {string.Join(", ", Enum.GetNames(type))}";
        }

        var kind =
            type == typeof(bool) ? "true or false"
            : type == typeof(TimeSpan) ? "a duration such as 00:00:05"
            : type == typeof(double) || type == typeof(decimal) ? "a number"
            : type.IsPrimitive ? "a whole number"
            : "valid";
        if (property.GetCustomAttribute<RangeAttribute>() is not { } range)
        {
            return $"must be {kind}";
        }

        var max = range.Maximum is >= Unlimited ? "or more" : $"to {Format(range.Maximum)}";
        return $"must be {kind}, {Format(range.Minimum)} {max}";
    }

    private static string Format(object limit) => Convert.ToString(limit, CultureInfo.InvariantCulture)!;
}
