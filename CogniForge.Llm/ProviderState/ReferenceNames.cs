using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.ProviderState;

/// <summary>
/// The names of references in providers' documents. Remembers the unusual names of one request, which may repeat them
/// in each message. Not thread-safe.
/// </summary>
internal sealed class ReferenceNames
{
    private const int MaxRemembered = 200;
    private const int MaxLength = 64;

    private static readonly FrozenDictionary<string, ReferenceKinds> _kinds = Create(
        (
            ReferenceKinds.Id,
            [
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
            ]
        ),
        (ReferenceKinds.Id | ReferenceKinds.ObjectWithId, ["conversation", "container"]),
        (ReferenceKinds.ObjectWithId, ["prompt", "audio", "input_audio", "voice"]),
        (
            ReferenceKinds.Address,
            [
                "server_url",
                "connector_id",
                "data_sources",
                "kv_transfer_params", // vLLM: blocks of another request in the cache of a server at an address
            ]
        ),
        (ReferenceKinds.Url, ["url", "image_url", "video_url", "file_uri", "file_url"])
    );

    private static readonly FrozenDictionary<string, (string, ReferenceKinds)>.AlternateLookup<
        ReadOnlySpan<char>
    > _usual = """
        model messages role content stream stream_options include_usage max_tokens max_completion_tokens temperature
        top_p n stop user tools tool_choice tool_calls tool_call_id function name description parameters properties
        required arguments type text id input output instructions call_id system thinking signature input_schema
        """
        .Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
        .ToFrozenDictionary(name => name, name => (name, _kinds.GetValueOrDefault(name)))
        .GetAlternateLookup<ReadOnlySpan<char>>();

    private Dictionary<string, (string Name, ReferenceKinds Kinds)>? _remembered;

    /// <summary>A member's name, empty if it is not valid Unicode, and what it may refer to.</summary>
    public (string Name, ReferenceKinds Kinds) Get(JsonProperty member)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(member);
        Span<char> characters = stackalloc char[MaxLength];
        if (raw.Length > MaxLength || !Ascii.IsValid(raw) || raw.Contains((byte)'\\'))
        {
            return Read(member);
        }

        _ = Ascii.ToUtf16(raw, characters, out var length);
        if (_usual.TryGetValue(characters[..length], out var usual))
        {
            return usual;
        }

        _remembered ??= [];
        var names = _remembered.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!names.TryGetValue(characters[..length], out var found))
        {
            found = Read(member);
            if (_remembered.Count < MaxRemembered)
            {
                _remembered.Add(found.Name, found);
            }
        }

        return found;
    }

    private static (string Name, ReferenceKinds Kinds) Read(JsonProperty member)
    {
        var name = member.ValidName();
        return (name, _kinds.GetValueOrDefault(name));
    }

    private static FrozenDictionary<string, ReferenceKinds> Create(
        params (ReferenceKinds Kinds, string[] Names)[] all
    ) =>
        all.SelectMany(kind => kind.Names, (kind, name) => KeyValuePair.Create(name, kind.Kinds))
            .ToFrozenDictionary(LooseNameComparer.Instance);
}
