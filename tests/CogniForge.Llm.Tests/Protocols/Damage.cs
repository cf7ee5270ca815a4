using System.Text;
using System.Text.Json.Nodes;

namespace CogniForge.Llm.Tests.Protocols;

/// <summary>Damages JSON in every way that a server or client may: values of another kind, lost members, cut or changed bytes.</summary>
internal sealed class Damage(Random random)
{
    private static readonly string[] _values =
    [
        "null",
        "true",
        "-1",
        "1e300",
        "\"\"",
        "\"x\"",
        "[]",
        "{}",
        "[null]",
        "[1,\"a\",{}]",
        "{\"type\":1}",
        "[[{}]]",
        "\"\\ud83d\"",
        "\"user\"",
        "\"tool_use\"",
        "\"image_url\"",
    ];

    /// <summary>Damaged JSON, mostly still valid.</summary>
    public byte[] Of(ReadOnlyMemory<byte> json)
    {
        var node = JsonNode.Parse(json.Span);
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            Replace(node!);
        }

        // Not ToJsonString: it refuses broken text.
        var text = node!.ToJsonString().Replace("\"BROKEN\"", "\"\\ud83d\"", StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(text);
        switch (random.Next(8))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            default:
                return bytes;
        }
    }

    /// <summary>Replaces or removes one value somewhere below <paramref name="node"/>.</summary>
    public void Replace(JsonNode node)
    {
        var places = Places(node).ToList();
        if (places.Count > 0)
        {
            places[random.Next(places.Count)]();
        }
    }

    private IEnumerable<Action> Places(JsonNode node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    yield return () => members[name] = Value();
                    yield return () => members.Remove(name);
                    foreach (var place in value is null ? [] : Places(value))
                    {
                        yield return place;
                    }
                }

                break;
            case JsonArray items:
                foreach (var (index, value) in items.Index())
                {
                    yield return () => items[index] = Value();
                    foreach (var place in value is null ? [] : Places(value))
                    {
                        yield return place;
                    }
                }

                break;
            default:
                break;
        }
    }

    private JsonNode? Value() =>
        random.GetItems(_values, 1)[0] is var json && json.Contains("ud83d", StringComparison.Ordinal)
            ? "BROKEN"
            : JsonNode.Parse(json);
}
