using System.Globalization;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>
/// The tool calls of one streamed choice as the client has them: complete from the start, with each id and name once,
/// and indexes without gaps. OpenAI's Python SDK needs this (openai-python, src/openai/lib/streaming). Not thread-safe.
/// </summary>
internal sealed class SentCalls
{
    private const int MaxNameLength = 256; // of a name that is compared; OpenAI's have 64

    private readonly ToolCallNumbers _numbers = new();
    private readonly Dictionary<int, (int Index, string Name)> _sent = []; // by number

    /// <summary>Sets the index of a fragment, completes the first one, and removes what the client has.</summary>
    /// <param name="call">The fragment, which is changed.</param>
    /// <param name="seed">The part of a new id that is unique to the response.</param>
    /// <returns>Whether it has changed.</returns>
    public bool Repair(JsonObject call, string seed)
    {
        var number = _numbers.Get(call);
        var isKnown = _sent.TryGetValue(number, out var sent);
        if (!isKnown && _sent.Count >= StreamBounds.MaxParts)
        {
            return false;
        }

        sent = isKnown ? sent : (_sent.Count, "");
        var isChanged = call["index"].Int32() != sent.Index;
        if (isChanged)
        {
            call["index"] = sent.Index;
        }

        var name = (call["function"] as JsonObject)?["name"].Text();
        isChanged |= isKnown
            ? RemoveSent(call, name, sent.Name)
            : Complete(call, sent.Index, seed) | CompleteFunction(call);
        if (name != sent.Name && sent.Name.Length <= MaxNameLength)
        {
            sent.Name += name;
        }

        _sent[number] = sent;
        return isChanged;
    }

    private static bool RemoveSent(JsonObject call, string? name, string sent)
    {
        var isRemoved = call["id"].Text() is not null && call.Remove("id");
        return (name == sent && call["function"]!.AsObject().Remove("name")) || isRemoved;
    }

    /// <summary>Adds an empty name and empty arguments, which those of later fragments follow.</summary>
    private static bool CompleteFunction(JsonObject call)
    {
        if (call["type"].Text() != "function" || (call["function"] is not null and not JsonObject))
        {
            return false;
        }

        if (call["function"] is not JsonObject function)
        {
            call["function"] = function = [];
        }

        var (hasName, hasArguments) = (function["name"] is not null, function["arguments"] is not null);
        if (!hasName)
        {
            function["name"] = "";
        }

        if (!hasArguments)
        {
            function["arguments"] = "";
        }

        return !hasName || !hasArguments;
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
