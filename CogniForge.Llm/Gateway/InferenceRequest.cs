using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Caching;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Gateway;

/// <summary>A client's request: the body as it came, and what the gateway itself needs to know of it.</summary>
internal sealed class InferenceRequest
{
    private JsonObject? _node;
    private string? _affinity;

    /// <summary>What the client speaks.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>The body, a JSON object.</summary>
    public required JsonElement Body { get; init; }

    /// <summary>The body for those who change it; a copy is theirs to make.</summary>
    public JsonObject Node => _node ??= JsonObject.Create(Body)!;

    /// <summary>The model that is asked for.</summary>
    public required string Model { get; init; }

    /// <summary>Whether the answer is to be streamed.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether the client of a stream wants OpenAI's usage chunk.</summary>
    public bool WantsUsage { get; init; }

    /// <summary>The most output tokens of one answer; null: the client does not say.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>How many answers are asked for at once, 1 or more.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>The end user that the client names; null: none.</summary>
    public string? User { get; init; }

    /// <summary>Identifies the conversation; null: none can be told.</summary>
    public string? Affinity => _affinity ??= ConversationKey.Compute(Protocol, Body, User);

    /// <summary>Characters of what the model is given to read: the base of an estimate of its tokens.</summary>
    public int InputCharacters { get; init; }

    /// <summary>Images of the conversation: some prices have a fee for each.</summary>
    public int Images { get; init; }

    /// <summary>What the client asks of the cache.</summary>
    public CacheControl Caching { get; init; } = CacheControl.None;

    /// <summary>The tags of the answer in the cache.</summary>
    public IReadOnlyList<string> CacheTags { get; init; } = [];

    /// <summary>Headers for the provider, of the list of those that may pass.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}
