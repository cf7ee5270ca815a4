using System.Globalization;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>
/// The tool calls of one streamed choice as the client has them: complete from the start, with each id and name once.
/// OpenAI's Python SDK joins repeated texts (openai-python, src/openai/lib/streaming/_deltas.py). Not thread-safe.
/// </summary>
internal sealed class SentCalls
{
    private const int MaxNameLength = 256; // of a name that is compared; OpenAI's have 64

    private readonly ToolCallNumbers _numbers = new();
    private readonly Dictionary<int, string> _names = []; // of the calls that have begun; empty: not yet known

    /// <summary>Sets the index of a fragment, completes the first one, and removes what the client has.</summary>
    /// <param name="call">The fragment, which is changed.</param>
    /// <param name="seed">The part of a new id that is unique to the response.</param>
    /// <returns>Whether it has changed.</returns>
    public bool Repair(JsonObject call, string seed)
    {
        var number = _numbers.Get(call);
        var isChanged = call["index"].Int32() != number;
        if (isChanged)
        {
            call["index"] = number;
        }

        var function = call["function"] as JsonObject;
        var name = function?["name"].Text();
        if (_names.TryGetValue(number, out var sent))
        {
            isChanged |= call["id"].Text() is not null && call.Remove("id");
            if (sent == name)
            {
                return function!.Remove("name");
            }
        }
        else if ((name ?? call["id"].Text()) is null || _names.Count >= StreamBounds.MaxParts)
        {
            return isChanged;
        }
        else
        {
            isChanged |= Complete(call, number, seed);
        }

        _names[number] = sent?.Length > MaxNameLength ? sent : sent + name;
        return isChanged;
    }

    /// <summary>Adds the id and the type of a call that has none.</summary>
    /// <param name="call">The call, which is changed.</param>
    /// <param name="number">Its number within the response.</param>
    /// <param name="seed">The part of a new id that is unique to the response.</param>
    /// <returns>Whether it has changed.</returns>
    public static bool Complete(JsonObject call, int number, string seed)
    {
        var (hasId, hasType) = (call["id"].Text() is not null, call["type"].Text() is not null);
        if (!hasId)
        {
            call["id"] = string.Create(CultureInfo.InvariantCulture, $"call_{seed}_{number}");
        }

        if (!hasType)
        {
            call["type"] = "function";
        }

        return !hasId || !hasType;
    }
}
