using System.Text;
using System.Text.Json.Nodes;

namespace CogniForge.Llm.Tests.Protocols;

/// <summary>Corrupts JSON: values of other types, missing members, truncated or changed bytes.</summary>
internal sealed class JsonCorruptor(Random random)
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

    /// <summary>Returns a corrupted copy, which is usually still valid JSON.</summary>
    public byte[] Corrupt(ReadOnlyMemory<byte> json)
    {
        var node = JsonNode.Parse(json.Span);
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            Replace(node!);
        }

        // Inserts invalid Unicode after serialization, because ToJsonString rejects it.
        var text = node!.ToJsonString().Replace("\"INVALID\"", "\"\\ud83d\"", StringComparison.Ordinal);
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

    /// <summary>Replaces or removes one random value below <paramref name="node"/>.</summary>
    public void Replace(JsonNode node)
    {
        var mutations = Mutations(node).ToList();
        if (mutations.Count > 0)
        {
            mutations[random.Next(mutations.Count)]();
        }
    }

    private IEnumerable<Action> Mutations(JsonNode node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    yield return () => members[name] = Value();
                    yield return () => members.Remove(name);
                    foreach (var mutation in value is null ? [] : Mutations(value))
                    {
                        yield return mutation;
                    }
                }

                break;
            case JsonArray items:
                foreach (var (index, value) in items.Index())
                {
                    yield return () => items[index] = Value();
                    foreach (var mutation in value is null ? [] : Mutations(value))
                    {
                        yield return mutation;
                    }
                }

                break;
            default:
                break;
        }
    }

    private JsonNode? Value() =>
        random.GetItems(_values, 1)[0] is var json && json.Contains("ud83d", StringComparison.Ordinal)
            ? "INVALID"
            : JsonNode.Parse(json);
}
