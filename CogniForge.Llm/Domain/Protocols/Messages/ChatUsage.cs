using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Domain.Spending;

namespace CogniForge.Llm.Domain.Protocols.Messages;

/// <summary>OpenAI's <c>usage</c>, whose prompt includes what the cache gave and took.</summary>
internal static class ChatUsage
{
    /// <summary>Reads a <c>usage</c> object; null: it says nothing.</summary>
    public static TokenUsage? Read(JsonElement usage)
    {
        var (prompt, output) = (usage.Tokens("prompt_tokens"), usage.Tokens("completion_tokens"));
        if (prompt is null && output is null)
        {
            return null;
        }

        var details = usage.Member("prompt_tokens_details");
        var read = details.Tokens("cached_tokens") ?? 0;
        var written = details.Tokens("cache_write_tokens") ?? 0;
        var reasoning = usage.Member("completion_tokens_details").Tokens("reasoning_tokens") ?? 0;
        return new(Math.Max(0, (prompt ?? 0) - read - written), output ?? 0, read, written, Reasoning: Math.Min(reasoning, output ?? 0));
    }

    /// <summary>Writes a <c>usage</c> object.</summary>
    public static JsonObject Write(TokenUsage usage) => new()
    {
        ["prompt_tokens"] = usage.Input,
        ["completion_tokens"] = usage.Output,
        ["total_tokens"] = usage.Total,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.CacheRead, ["cache_write_tokens"] = usage.CacheWrite + usage.CacheWriteLong },
        ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.Reasoning },
    };
}
