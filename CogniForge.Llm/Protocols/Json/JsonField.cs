using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Translation;

namespace CogniForge.Llm.Protocols.Json;

/// <summary>A place in a JSON body: what is there, and its path for the case that it is not what it must be. A member that is null counts as absent.</summary>
internal readonly struct JsonField
{
    private readonly JsonNode? _container;
    private readonly string? _name;
    private readonly int _index;

    private JsonField(JsonNode? value, JsonNode? container, string? name, int index)
    {
        (Value, _container, _name, _index) = (value, container, name, index);
    }

    /// <summary>The body of a client's request: a copy, so it may be taken apart.</summary>
    /// <exception cref="UnsupportedByProviderException">It is not strict.</exception>
    public static JsonField OfRequest(JsonObject body)
    {
        try
        {
            return new(StrictJson.Copy(body), null, "", 0);
        }
        catch (JsonException)
        {
            throw new UnsupportedByProviderException("", StrictJson.Rule);
        }
    }

    /// <summary>Reads something of a provider: what is wrong with it is the provider's fault.</summary>
    /// <param name="body">The provider's JSON, strict and the caller's own.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="JsonException">It is not what the protocol says.</exception>
    public static T OfProvider<T>(JsonObject body, Func<JsonField, T> read)
    {
        try
        {
            return read(new(body, null, "", 0));
        }
        catch (UnsupportedByProviderException e)
        {
            throw new JsonException($"The provider's answer is not of its protocol: {e.Message}.", e);
        }
    }

    /// <summary>What is there; null: nothing.</summary>
    public JsonNode? Value { get; }

    /// <summary>The path, e.g. <c>messages[0].content</c>; empty for the body itself.</summary>
    public string Path =>
        _container switch
        {
            null => _name!,
            JsonArray => $"{GetPath(_container)}[{_index}]",
            _ => Join(GetPath(_container), _name!),
        };

    /// <summary>A member of the object; absent where there is no object.</summary>
    /// <exception cref="UnsupportedByProviderException">There is something else than an object.</exception>
    public JsonField this[string name] =>
        Object() is { } value ? new(value[name], value, name, 0) : new(null, null, Join(Path, name), 0);

    /// <summary>The object's members that are not null.</summary>
    public IEnumerable<(string Name, JsonField Field)> Members()
    {
        foreach (var (name, value) in Object() ?? [])
        {
            if (value is not null)
            {
                yield return (name, new(value, value.Parent, name, 0));
            }
        }
    }

    /// <summary>The array's items; none where there is no array.</summary>
    /// <exception cref="UnsupportedByProviderException">There is something else than an array.</exception>
    public IReadOnlyList<JsonField> Items() =>
        Value switch
        {
            null => [],
            JsonArray array => [.. array.Select((item, i) => new JsonField(item, array, null, i))],
            _ => throw Wrong("must be an array"),
        };

    /// <summary>The object; null: absent.</summary>
    /// <exception cref="UnsupportedByProviderException">There is something else.</exception>
    public JsonObject? Object() => Value is null or JsonObject ? (JsonObject?)Value : throw Wrong("must be an object");

    /// <summary>The text; null: absent.</summary>
    /// <exception cref="UnsupportedByProviderException">There is something else.</exception>
    public string? Text() => Value is null || IsText ? Value?.GetValue<string>() : throw Wrong("must be a string");

    /// <summary>The text.</summary>
    /// <exception cref="UnsupportedByProviderException">There is none.</exception>
    public string RequiredText() => Text() ?? throw Wrong("must be a string");

    /// <summary>Whether there is a text.</summary>
    public bool IsText => Value?.GetValueKind() == JsonValueKind.String;

    /// <summary>Whether there is the value <c>true</c>.</summary>
    /// <exception cref="UnsupportedByProviderException">There is something else than a truth value.</exception>
    public bool IsTrue() =>
        Value?.GetValueKind() switch
        {
            null or JsonValueKind.False => false,
            JsonValueKind.True => true,
            _ => throw Wrong("must be true or false"),
        };

    /// <summary>The whole number; null: absent.</summary>
    /// <exception cref="UnsupportedByProviderException">There is something else, or a number out of the range of 32 bits.</exception>
    public int? Whole() =>
        Value switch
        {
            null => null,
            JsonValue value
                when value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<int>(out var number) => number,
            _ => throw Wrong("must be a whole number"),
        };

    /// <summary>A copy that can go elsewhere.</summary>
    public JsonNode? Copy() => Value?.DeepClone();

    /// <summary>Says what is wrong here.</summary>
    /// <param name="rule">The rule, e.g. "must be a string".</param>
    public UnsupportedByProviderException Wrong(string rule) => new(Path, rule);

    private static string GetPath(JsonNode node)
    {
        var path = node.GetPath(); // "$", "$.messages[0]", "$['odd name']"
        return path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path[1..];
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
