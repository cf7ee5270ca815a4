using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Caching;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.ProviderState;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Overload;

namespace CogniForge.Llm.Gateway;

/// <summary>A client's request: the body as received, and the fields that the gateway itself uses.</summary>
internal sealed class InferenceRequest
{
    private ReadOnlyMemory<byte> _utf8;
    private JsonObject? _node;
    private string? _conversation;
    private IReadOnlyList<StatefulReference>? _references;

    /// <summary>The client's protocol.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>The body, a JSON object.</summary>
    public required JsonElement Body { get; init; }

    /// <summary>The bytes of the body.</summary>
    public ReadOnlyMemory<byte> Utf8
    {
        get => _utf8.IsEmpty ? _utf8 = JsonMarshal.GetRawUtf8Value(Body).ToArray() : _utf8;
        set => _utf8 = value;
    }

    /// <summary>The body as a node; callers must copy it before they change it.</summary>
    public JsonObject Node => _node ??= JsonObject.Create(Body)!;

    /// <summary>The requested model.</summary>
    public required string Model { get; init; }

    /// <summary>Whether to stream the response.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether the client of a chat stream requests the usage chunk.</summary>
    public bool WantsUsage { get; init; }

    /// <summary>The maximum number of output tokens per choice; null: the client sets none.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>The number of choices, 1 or more.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>The end user; null: the client names none.</summary>
    public string? User { get; init; }

    /// <summary>The client's metadata for the request log; null: none.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>The memory that the body takes from the share of the key; null: none is counted.</summary>
    public BodyShare? BodyShare { get; set; }

    /// <summary>The key of the conversation; null: the request has nothing to identify it by.</summary>
    public string? Conversation => _conversation ??= ConversationKey.Compute(Protocol, Body, User);

    /// <summary>The references to what providers keep for the gateway's account.</summary>
    public IReadOnlyList<StatefulReference> References => _references ??= StatefulReferenceReader.Read(Protocol, Body);

    /// <summary>
    /// Whether the same request may have another response the next time: it continues what the provider keeps, or its
    /// response is not complete when it arrives.
    /// </summary>
    public bool IsStateful =>
        References.Count > 0 || Body.Members("background").Any(b => b.ValueKind == JsonValueKind.True);

    /// <summary>Whether OpenAI would keep the response, to which only the key that received it can refer.</summary>
    public bool IsStored =>
        Protocol == Protocol.Responses && !Body.Members("store").Any(s => s.ValueKind == JsonValueKind.False);

    /// <summary>The approximate number of characters that the model reads, to estimate its tokens.</summary>
    public int InputCharacters { get; init; }

    /// <summary>The number of images in the conversation; some prices have a fee per image.</summary>
    public int Images { get; init; }

    /// <summary>The number of characters of a text to speak; some prices have a fee per character.</summary>
    public int Characters { get; init; }

    /// <summary>Whether providers charge nothing for such requests.</summary>
    public bool IsFree { get; init; }

    /// <summary>The client's cache directives.</summary>
    public CacheControl CacheControl { get; init; } = CacheControl.None;

    /// <summary>The tags of the cached response.</summary>
    public IReadOnlyList<string> CacheTags { get; init; } = [];

    /// <summary>The client's headers that the provider receives.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}
