using System.Text.Json;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols;

/// <summary>Collects the ids in a response by which later requests can refer to what the provider keeps.</summary>
internal static class ProviderStateIds
{
    public const int MaxIds = 1_000;
    private const int MaxLength = 500;

    // Where providers put ids. A model fills other members, such as the input of a tool, with what its client says.
    private static readonly string[] _parents =
    [
        "content",
        "output",
        "outputs",
        "results",
        "annotations",
        "citations",
        "files",
    ];

    /// <summary>Collects the ids of a response and its items in OpenAI's Responses API.</summary>
    public static IReadOnlyList<string> ReadResponse(JsonElement response)
    {
        var ids = new List<string>();
        if (response.Member("store").ValueKind != JsonValueKind.False)
        {
            AddText(response, "id", ids);
            AddText(response.Member("conversation"), "id", ids);
            foreach (var item in response.Member("output").Items())
            {
                AddText(item, "id", ids);
            }
        }

        AddNested(response.Member("output"), ids);
        return ids;
    }

    /// <summary>Collects the ids of containers and files from what the provider wrote itself.</summary>
    public static IReadOnlyList<string> ReadNested(JsonElement value)
    {
        var ids = new List<string>();
        AddNested(value, ids);
        return ids;
    }

    private static void AddNested(JsonElement value, List<string> ids)
    {
        foreach (var item in value.Items())
        {
            AddNested(item, ids);
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            AddText(value, "container_id", ids);
            AddText(value, "file_id", ids);
            AddText(value.Member("container"), "id", ids);
            foreach (var member in value.EnumerateObject().Where(m => _parents.Any(m.NameEquals)))
            {
                AddNested(member.Value, ids);
            }
        }
    }

    private static void AddText(JsonElement value, string name, List<string> ids)
    {
        if (ids.Count < MaxIds && value.Text(name) is { Length: <= MaxLength } id)
        {
            ids.Add(id);
        }
    }
}
