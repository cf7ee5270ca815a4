using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json.Serialization;

namespace Refit;

/// <summary>Turns arguments into the names and values of a query string.</summary>
internal static class QueryValues
{
    private static readonly QueryAttribute _default = new();

    public static IEnumerable<(string Name, string? Value)> Of(Parameter parameter, object value, CollectionFormat collections)
    {
        var query = parameter.Info.GetCustomAttribute<QueryAttribute>() ?? _default;
        if (query.TreatAsString)
            return [(parameter.Name, Text(value.ToString(), query.Format))];
        if (IsSimple(value))
            return Values(value, query, collections).Select(v => (parameter.Name, v));
        var prefix = string.IsNullOrWhiteSpace(query.Prefix) ? "" : query.Prefix + query.Delimiter;
        return Flatten(value, query.Delimiter, collections).SelectMany(f => Values(f.Value, query, collections).Select(v => (prefix + f.Name, v)));
    }

    /// <summary>Text as it appears in paths and queries, whatever the machine's culture.</summary>
    public static string? Text(object? value, string? format)
    {
        if (value is Enum && value.GetType().GetField(value.ToString()!)?.GetCustomAttribute<EnumMemberAttribute>()?.Value is { } name)
            value = name;
        return value is null ? null : string.Format(CultureInfo.InvariantCulture, string.IsNullOrWhiteSpace(format) ? "{0}" : $"{{0:{format}}}", value);
    }

    private static IEnumerable<string?> Values(object? value, QueryAttribute? query, CollectionFormat collections)
    {
        if (value is string or not IEnumerable)
            return [Text(value, query?.Format)];
        var items = ((IEnumerable)value).Cast<object?>().Select(item => Text(item, query?.Format));
        return (query is { IsCollectionFormatSpecified: true } ? query.CollectionFormat : collections) switch
        {
            CollectionFormat.Multi => items,
            CollectionFormat.Ssv => [string.Join(' ', items)],
            CollectionFormat.Tsv => [string.Join('\t', items)],
            CollectionFormat.Pipes => [string.Join('|', items)],
            _ => [string.Join(',', items)],
        };
    }

    private static IEnumerable<(string Name, object Value)> Flatten(object source, string delimiter, CollectionFormat collections)
    {
        foreach (var (name, value, property) in Members(source))
        {
            var query = property?.GetCustomAttribute<QueryAttribute>();
            if (query?.Format is not null && value is not IEnumerable)
                yield return (name, Text(value, query.Format)!);
            else if (property is not null && value is IEnumerable and not string and not IDictionary)
                foreach (var item in Values(value, query, collections))
                    yield return (name, item!);
            else if (IsSimple(value))
                yield return (name, value);
            else
                foreach (var (inner, innerValue) in Flatten(value, delimiter, collections))
                    yield return (name + delimiter + inner, innerValue);
        }
    }

    private static IEnumerable<(string Name, object Value, PropertyInfo? Property)> Members(object source)
    {
        if (source is IDictionary dictionary)
            return dictionary.Keys.Cast<object>()
                .Where(key => dictionary[key] is not null && !string.IsNullOrWhiteSpace(Text(key, null)))
                .Select(key => (Text(key, null)!, dictionary[key]!, (PropertyInfo?)null));
        return source.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(p => p.GetMethod is { IsPublic: true } && !p.IsDefined(typeof(JsonIgnoreAttribute)) && !p.IsDefined(typeof(IgnoreDataMemberAttribute)))
            .Select(p => (Property: p, Value: p.GetValue(source)))
            .Where(m => m.Value is not null)
            .Select(m => (m.Property.GetCustomAttribute<AliasAsAttribute>()?.Name ?? m.Property.Name, m.Value!, (PropertyInfo?)m.Property));
    }

    private static bool IsSimple(object value) => IsSimple(value.GetType())
        || (value is IEnumerable && value.GetType().GetInterfaces()
            .FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>)) is { } sequence
            && IsSimple(sequence.GenericTypeArguments[0]));

    private static bool IsSimple(Type type) => Nullable.GetUnderlyingType(type) is { } underlying
        ? IsSimple(underlying)
        : type == typeof(string) || type == typeof(bool) || type == typeof(char) || type == typeof(Uri) || typeof(IFormattable).IsAssignableFrom(type);
}
