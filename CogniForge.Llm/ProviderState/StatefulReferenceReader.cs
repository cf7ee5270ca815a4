using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.ProviderState;

/// <summary>
/// Finds the references of a request, wherever they are nested. Skips what the client's own tools and schemas define.
/// </summary>
internal sealed class StatefulReferenceReader
{
    /// <summary>The maximum number of references of a request; reading stops after the first one beyond it.</summary>
    public const int MaxReferences = 1_000;

    // A path is for people; a name in it may be as long as the body.
    private const int MaxNameLength = 100;

    // Kimi's addresses of uploaded images and videos, and Gemini's of all files.
    private const string FileScheme = "ms:";
    private const string GeminiHost = "generativelanguage.googleapis.com";
    private const string GeminiFiles = "/files/";
    private static readonly FrozenSet<string> _urls = Create("url", "image_url", "video_url", "file_uri", "file_url");

    private static readonly FrozenSet<string> _ids = Create(
        "previous_response_id",
        "file_id",
        "file_ids",
        "vector_store_id",
        "vector_store_ids",
        "container_id",
        "cached_content", // Gemini
        "collection_ids", // xAI
        "agent_id", // Mistral
        "library_ids", // Mistral
        "conversation_id", // Mistral
        "skill_id",
        "memory_store_id",
        "conversation",
        "container"
    );

    private static readonly FrozenSet<string> _objectsWithId = Create(
        "conversation",
        "container",
        "prompt",
        "audio",
        "input_audio",
        "voice"
    );

    private static readonly FrozenSet<string> _addresses = Create(
        "server_url",
        "connector_id",
        "data_sources",
        "kv_transfer_params" // vLLM: blocks of another request in the cache of a server at an address
    );
    private static readonly string[] _ownData =
    [
        "metadata",
        "client_metadata",
        "text",
        "response_format",
        "output_config",
        "output_format",
        "functions",
    ];

    private readonly List<(string? Name, int Index)> _path = [];
    private readonly List<StatefulReference> _found = [];

    /// <summary>Reads the references of a body in a client's protocol.</summary>
    public static IReadOnlyList<StatefulReference> Read(Protocol protocol, JsonElement body)
    {
        var reader = new StatefulReferenceReader();
        foreach (var member in body.EnumerateObject())
        {
            var name = member.ValidName();
            if (name == "tools" && member.Value.ValueKind == JsonValueKind.Array)
            {
                reader.ReadItems(name, member.Value.Items(), IsOwnTool, Nothing);
            }
            else if (name == "mcp_servers")
            {
                reader.ReadItems(name, member.Value.Items(), static _ => false, static (r, _) => r.AddAddress());
            }
            else if (name == "input" && protocol == Protocol.Responses)
            {
                reader.ReadItems(name, member.Value.Items(), static _ => false, static (r, item) => r.AddItem(item));
            }
            else if (!_ownData.Contains(name))
            {
                reader.ReadMember(name, member.Value);
            }
        }

        return reader._found;
    }

    private void ReadItems(
        string name,
        IEnumerable<JsonElement> items,
        Func<JsonElement, bool> isSkipped,
        Action<StatefulReferenceReader, JsonElement> add
    )
    {
        foreach (var (i, item) in items.Index())
        {
            if (item.ValueKind == JsonValueKind.Object && isSkipped(item))
            {
                continue;
            }

            _path.Add((name, -1));
            _path.Add((null, i));
            if (item.ValueKind == JsonValueKind.Object)
            {
                add(this, item);
            }

            ReadParts(item);
            _path.RemoveRange(_path.Count - 2, 2);
        }
    }

    private void ReadParts(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var (i, item) in value.EnumerateArray().Index())
            {
                _path.Add((null, i));
                ReadParts(item);
                _path.RemoveAt(_path.Count - 1);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            bool? isToolUse = null; // searched once, because an object may have many members named input
            foreach (var member in value.EnumerateObject())
            {
                var name = member.ValidName();
                if (name != "input" || !(isToolUse ??= value.Members("type").Any(t => t.Text() == "tool_use")))
                {
                    ReadMember(name, member.Value);
                }
            }
        }
    }

    private void ReadMember(string name, JsonElement value)
    {
        _path.Add((name, -1));
        if (_ids.Contains(name))
        {
            ReadIds(name, value);
        }

        if (_objectsWithId.Contains(name))
        {
            AddId(value);
        }
        else if (_addresses.Contains(name) && value.IsPresent())
        {
            AddAddress();
        }

        if (_urls.Contains(name) && value.ValueKind == JsonValueKind.String)
        {
            AddFile(value);
        }

        ReadParts(value);
        _path.RemoveAt(_path.Count - 1);
    }

    /// <summary>
    /// Adds an item of a responses request that is only an id: a stored item, or one whose content is stored.
    /// </summary>
    private void AddItem(JsonElement item)
    {
        string[] types = [.. item.Members("type").Select(t => t.Text()).OfType<string>()];
        var isReference =
            types.Length == 0
                ? !item.Members("role").Any(r => r.IsPresent())
                : types.Any(t =>
                    t switch
                    {
                        "item_reference" => true,
                        "reasoning" => !Has(item, "encrypted_content"),
                        "image_generation_call" => !Has(item, "result"),
                        _ => false,
                    }
                );
        if (isReference)
        {
            AddId(item);
        }
    }

    private void AddId(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            _path.Add(("id", -1));
            foreach (var id in value.Members("id"))
            {
                Add(id);
            }

            _path.RemoveAt(_path.Count - 1);
        }
    }

    private void AddFile(JsonElement url)
    {
        // An image of megabytes is not read as text.
        if (JsonMarshal.GetRawUtf8Value(url).StartsWith("\"data:"u8) || url.Text()?.Trim() is not { } text)
        {
            return;
        }

        if (text.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase))
        {
            Add(text[FileScheme.Length..].TrimStart('/'));
        }
        else if (
            text.IndexOf(GeminiHost, StringComparison.OrdinalIgnoreCase) is >= 0 and var host
            && text.IndexOf(GeminiFiles, host, StringComparison.OrdinalIgnoreCase) is >= 0 and var file
        )
        {
            Add(text[(file + 1)..]);
        }
    }

    private void ReadIds(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array && name.EndsWith("ids", StringComparison.OrdinalIgnoreCase))
        {
            foreach (var item in value.EnumerateArray())
            {
                Add(item);
            }
        }
        else if (value.ValueKind != JsonValueKind.Object || !_objectsWithId.Contains(name))
        {
            Add(value);
        }
    }

    private void Add(JsonElement value)
    {
        if (value.IsPresent())
        {
            Add(value.Text() ?? "", isInvalid: value.ValueKind != JsonValueKind.String);
        }
    }

    private void AddAddress() => Add((string?)null);

    private void Add(string? id, bool isInvalid = false)
    {
        if (_found.Count <= MaxReferences)
        {
            _found.Add(new(FormatPath(), id, isInvalid));
        }
    }

    private string FormatPath()
    {
        var path = new StringBuilder();
        foreach (var (name, index) in _path)
        {
            _ = name is null
                ? path.Append(CultureInfo.InvariantCulture, $"[{index}]")
                : path.Append(path.Length == 0 ? "" : ".").Append(name.AsSpan(0, Math.Min(name.Length, MaxNameLength)));
        }

        return path.ToString();
    }

    private static FrozenSet<string> Create(params string[] names) => names.ToFrozenSet(LooseNameComparer.Instance);

    private static void Nothing(StatefulReferenceReader reader, JsonElement item) { }

    private static bool Has(JsonElement item, string name) => item.Members(name).Any(m => m.IsPresent());

    private static bool IsOwnTool(JsonElement tool) =>
        tool.Members("type").All(t => t.Text() is "function" or "custom" or "namespace")
        && tool.Members("tools").All(t => t.Items().All(IsOwnTool));
}
