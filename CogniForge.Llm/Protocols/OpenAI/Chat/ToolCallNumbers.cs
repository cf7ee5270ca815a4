using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>
/// Numbers the tool calls of one streamed message. The fragments of a call share an index; some servers omit it, and
/// older versions of Ollama send 0 for every call.
/// </summary>
internal sealed class ToolCallNumbers
{
    private readonly Dictionary<int, (int Number, string? Id)> _calls = []; // the latest of each index
    private readonly HashSet<int> _numbers = [];
    private int _latest;
    private int _next;

    /// <summary>The number of a fragment's call: its index, unless another call has that already.</summary>
    public int Get(JsonObject fragment)
    {
        var id = fragment["id"].Text();
        var name = (fragment["function"] as JsonObject)?["name"].Text();
        var index = _latest = fragment["index"].Int32() ?? (IsNext(id, name) ? _next : _latest);
        var isKnown = _calls.TryGetValue(index, out var call);
        if (!isKnown && _numbers.Count >= StreamBounds.MaxParts)
        {
            return index; // more calls than any model makes
        }

        // vLLM gave each fragment an id of its own, so that a new id without a name means nothing.
        if (!isKnown || (id is not null && name is not null && call.Id is not null && id != call.Id))
        {
            call = (_numbers.Contains(index) ? _next : index, null);
            _numbers.Add(call.Number);
            _next = Math.Max(_next, call.Number + 1);
        }

        _calls[index] = call with { Id = call.Id ?? id };
        return call.Number;
    }

    // Without an index, only the first fragment of a call has a name, or an id that the call before does not have.
    private bool IsNext(string? id, string? name) =>
        id is null ? name is not null : !_calls.TryGetValue(_latest, out var latest) || latest.Id != id;
}
