using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>
/// Puts the fragments of a stream's tool calls together. A call waits for its name, which some servers send after the
/// id or the arguments. Not thread-safe.
/// </summary>
internal sealed class CallFragments
{
    private readonly ToolCallNumbers _numbers = new();
    private readonly Dictionary<int, PendingCall> _pending = [];
    private readonly HashSet<int> _opened = [];

    /// <summary>Adds a fragment.</summary>
    /// <returns>
    /// The call's number, the call itself if it begins now, and the arguments to append; null: it has no name yet.
    /// </returns>
    public (int Number, PendingCall? Opening, string Arguments)? Add(JsonObject fragment)
    {
        var number = _numbers.Get(fragment);
        if (_opened.Contains(number))
        {
            return (number, null, ToolInput.ReadArguments(fragment["function"] as JsonObject) ?? "");
        }

        if (!_pending.TryGetValue(number, out var call))
        {
            StreamBounds.CheckParts(_pending.Count + _opened.Count);
            _pending[number] = call = new();
        }

        call.Add(fragment);
        if (call.Name is null)
        {
            return null;
        }

        _pending.Remove(number);
        _opened.Add(number);
        return (number, call, call.Arguments);
    }

    /// <summary>Ends the stream.</summary>
    /// <exception cref="JsonException">A call has no name, so that no client can make it.</exception>
    public void End()
    {
        if (_pending.Count > 0)
        {
            throw new JsonException("A tool call has no name.");
        }
    }
}
