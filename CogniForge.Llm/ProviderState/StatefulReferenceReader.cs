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

    private readonly ReferenceNames _names = new();
    private readonly List<(string? Name, int Index)> _path = [];
    private readonly List<StatefulReference> _found = [];

    /// <summary>Reads the references of a body in a client's protocol.</summary>
    public static IReadOnlyList<StatefulReference> Read(Protocol protocol, JsonElement body)
    {
        var reader = new StatefulReferenceReader();
        foreach (var member in body.EnumerateObject())
        {
            var (name, kinds) = reader._names.Get(member);
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
                // vLLM stores the response under this id, which would then be the key's own.
                var isId = name == "request_id" && protocol == Protocol.Responses;
                reader.ReadMember(name, isId ? ReferenceKinds.Address : kinds, member.Value);
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
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                _path.Add((null, index++));
                ReadParts(item);
                _path.RemoveAt(_path.Count - 1);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            bool? isToolUse = null; // searched once, because an object may have many members named input
            foreach (var member in value.EnumerateObject())
            {
                var (name, kinds) = _names.Get(member);
                if (name != "input" || !(isToolUse ??= value.Members("type").Any(t => t.Text() == "tool_use")))
                {
                    ReadMember(name, kinds, member.Value);
                }
            }
        }
    }

    private void ReadMember(string name, ReferenceKinds kinds, JsonElement value)
    {
        _path.Add((name, -1));
        if ((kinds & ReferenceKinds.Id) != 0)
        {
            ReadIds(name, kinds, value);
        }

        if ((kinds & ReferenceKinds.ObjectWithId) != 0)
        {
            AddId(value);
        }
        else if ((kinds & ReferenceKinds.Address) != 0 && value.IsPresent())
        {
            AddAddress();
        }

        if ((kinds & ReferenceKinds.Url) != 0 && value.ValueKind == JsonValueKind.String)
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
        // Each type is read once, and the content at most once: an item may have 100,000 types.
        var (isReference, isEncrypted, isImage) = (false, false, false);
        var (hasType, hasRole, hasContent, hasResult) = ((bool?)null, (bool?)null, (bool?)null, (bool?)null);
        foreach (var member in item.EnumerateObject())
        {
            switch (_names.Get(member).Name)
            {
                case "type":
                    hasType = Has(hasType, member.Value);
                    var type = member.Value.Text();
                    isReference |= type == "item_reference";
                    isEncrypted |= type is "reasoning" or "compaction" or "compaction_summary";
                    isImage |= type == "image_generation_call";
                    break;
                case "role":
                    hasRole = Has(hasRole, member.Value);
                    break;
                case "encrypted_content":
                    hasContent = Has(hasContent, member.Value);
                    break;
                case "result":
                    hasResult = Has(hasResult, member.Value);
                    break;
            }
        }

        isReference |=
            (hasType != true && hasRole != true)
            || (isEncrypted && hasContent != true)
            || (isImage && hasResult != true);
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

    private void ReadIds(string name, ReferenceKinds kinds, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array && name.EndsWith("ids", StringComparison.OrdinalIgnoreCase))
        {
            foreach (var item in value.EnumerateArray())
            {
                Add(item);
            }
        }
        else if (value.ValueKind != JsonValueKind.Object || (kinds & ReferenceKinds.ObjectWithId) == 0)
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

    private static void Nothing(StatefulReferenceReader reader, JsonElement item) { }

    // Of several members with the name, providers differ in which of them counts.
    private static bool? Has(bool? before, JsonElement value) =>
        before != false && value.IsPresent() && !(value.ValueKind == JsonValueKind.String && value.ValueEquals(""));

    private static bool IsOwnTool(JsonElement tool) =>
        tool.Members("type").All(t => t.Text() is "function" or "custom" or "namespace")
        && tool.Members("tools").All(t => t.Items().All(IsOwnTool));
}
