using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>
/// Removes what other providers' responses left in a conversation and the next provider rejects, e.g. after a fallback
/// (anomalyco/opencode#6418, openai/codex#8132). Requests without such parts keep their bytes.
/// </summary>
internal static class ForeignHistory
{
    private static readonly string[] _ofOthers =
    [
        ThinkingBlocks.Member,
        ReasoningDetails.Member,
        "reasoning_content",
        "reasoning",
        "provider_specific_fields",
        "extra_content",
    ];

    private static readonly byte[][] _chat = [.. _ofOthers.Select(name => Encoding.UTF8.GetBytes($"\"{name}\""))];
    private static readonly byte[][] _messages =
    [
        [.. "\"signature\":\"\""u8],
        [.. "\"signature\": \"\""u8],
        [.. "\"signature\":\"gAAAAA"u8],
        [.. "\"signature\": \"gAAAAA"u8],
        [.. "\"reasoning_details:"u8],
        [.. "\"reasoning_text:"u8],
        [.. "\"encrypted_index\":\"\""u8],
        [.. "\"encrypted_index\": \"\""u8],
    ];
    private static readonly byte[][] _responses =
    [
        [.. "\"reasoning_text\""u8],
        [.. "\"redacted_thinking:"u8],
        [.. "\"thinking:"u8],
        [.. "\"reasoning_details:"u8],
        [.. "\"reasoning_text:"u8],
        [.. "__thought__"u8],
    ];

    /// <summary>Returns the request without foreign parts; null: it has none, or is not strict JSON.</summary>
    /// <param name="request">The client's request, in the provider's protocol.</param>
    /// <param name="protocol">The protocol of both.</param>
    /// <param name="kind">The provider's kind.</param>
    /// <param name="dropped">Receives the names of the removed parts.</param>
    public static JsonObject? Remove(JsonElement request, Protocol protocol, ProviderKind kind, List<string> dropped)
    {
        var (marks, member) = (protocol, kind) switch
        {
            (Protocol.ChatCompletions, ProviderKind.OpenAI) => (_chat, "messages"),
            (Protocol.Messages, ProviderKind.Anthropic) => (_messages, "messages"),
            (Protocol.Responses, ProviderKind.OpenAI) => (_responses, "input"),
            _ => ([], ""),
        };
        if (
            !HasAny(request, marks)
            || !request.Member(member).Items().Any()
            || StrictJson.TryCopy(request) is not { } node
        )
        {
            return null;
        }

        var items = node[member]!.AsArray();
        var names = new HashSet<string>();
        switch (protocol)
        {
            case Protocol.ChatCompletions:
                CleanChat(items, names);
                break;
            case Protocol.Messages:
                CleanMessages(items, names);
                ThinkingBlocks.RemoveRequestWithinLoop(names.Contains("thinking") ? node : []);
                break;
            default:
                CleanResponses(items, names);
                break;
        }

        dropped.AddRange(names);
        return names.Count > 0 ? node : null;
    }

    private static bool HasAny(JsonElement request, byte[][] marks)
    {
        var raw = JsonMarshal.GetRawUtf8Value(request);
        foreach (var mark in marks)
        {
            if (raw.IndexOf(mark) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>OpenAI rejects unknown members.</summary>
    private static void CleanChat(JsonArray messages, HashSet<string> names)
    {
        foreach (var message in messages.Objects())
        {
            names.UnionWith(_ofOthers.Where(message.Remove));
            foreach (var call in message["tool_calls"].Objects())
            {
                names.UnionWith(_ofOthers.Where(call.Remove));
            }
        }
    }

    /// <summary>Anthropic rejects thinking that it did not sign, and citations that it did not encrypt.</summary>
    private static void CleanMessages(JsonArray messages, HashSet<string> names) =>
        messages.RemoveAll(m => m is JsonObject message && CleanMessage(message, names));

    /// <returns>Whether nothing remains: Anthropic rejects empty messages, not repeated roles.</returns>
    private static bool CleanMessage(JsonObject message, HashSet<string> names)
    {
        foreach (var block in message["content"].Objects())
        {
            CleanCitations(block, names);
        }

        if (
            message["content"] is not JsonArray content
            || content.RemoveAll(b => b is JsonObject block && IsUnsigned(block)) == 0
        )
        {
            return false;
        }

        names.Add("thinking");
        return content.Count == 0;
    }

    private static void CleanCitations(JsonObject block, HashSet<string> names)
    {
        var all = block["citations"] as JsonArray;
        if (all?.RemoveAll(c => c is JsonObject citation && UrlCitations.IsForeign(citation)) > 0)
        {
            names.Add("citations");
            if (all.Count == 0)
            {
                block.Remove("citations");
            }
        }
    }

    private static bool IsUnsigned(JsonObject block) =>
        block["type"].Text() == "thinking"
        && !ThinkingBlocks.IsForAnthropic(block["signature"].Text());

    /// <summary>OpenAI rejects reasoning that it did not encrypt, and long ids. Its own never has a text.</summary>
    private static void CleanResponses(JsonArray items, HashSet<string> names)
    {
        if (items.RemoveAll(i => i is JsonObject item && item["type"].Text() == "reasoning" && IsForeign(item)) > 0)
        {
            names.Add("reasoning");
        }

        foreach (var item in items.Objects())
        {
            if (item["call_id"].Text() is { } id && ToolCallId.GetId(id) != id)
            {
                item["call_id"] = ToolCallId.GetId(id);
                names.Add("thought_signature");
            }
        }
    }

    private static bool IsForeign(JsonObject reasoning) =>
        reasoning["content"].Objects().Any(p => p["type"].Text() == "reasoning_text")
        || reasoning["encrypted_content"].Text() is { } encrypted
            && (ReasoningDetails.IsCarriedBy(encrypted) || ThinkingBlocks.IsEncryptedContent(encrypted));
}
