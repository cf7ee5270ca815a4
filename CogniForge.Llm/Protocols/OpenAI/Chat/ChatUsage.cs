using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>The <c>usage</c> of chat completions and embeddings.</summary>
internal static class ChatUsage
{
    /// <summary>The tokens; null where the provider does not say.</summary>
    /// <param name="usage">The value of <c>usage</c>.</param>
    public static TokenUsage? Read(JsonElement usage)
    {
        var input = usage.Member("prompt_tokens_details");
        return Buckets(
            usage.Count("prompt_tokens"),
            input.Count("cached_tokens"),
            input.Count("cache_write_tokens"),
            usage.Count("completion_tokens"),
            usage.Member("completion_tokens_details").Count("reasoning_tokens")
        );
    }

    /// <summary>
    /// OpenRouter's <c>cost</c>; with a key of the account's own at the model's provider (<c>is_byok</c>) that is OpenRouter's fee alone, and what the provider takes comes on top.
    /// Null where there is none.
    /// </summary>
    /// <param name="usage">The value of <c>usage</c>.</param>
    public static decimal? Cost(JsonElement usage)
    {
        var provider =
            usage.Member("is_byok").ValueKind == JsonValueKind.True
                ? Amount(usage.Member("cost_details"), "upstream_inference_cost")
                : null;
        return Amount(usage, "cost") is { } cost ? cost + (provider ?? 0) : null;
    }

    // Computed in binary by the provider, so that the last of many digits are noise; with twelve, sums stay exact.
    private static decimal? Amount(JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value
        && value.TryGetDecimal(out var amount)
        && amount is >= 0 and < 1_000_000
            ? decimal.Round(amount, 12)
            : null;

    /// <summary>Writes the <c>usage</c> of a chat completion.</summary>
    public static JsonObject Write(TokenUsage usage) =>
        new()
        {
            ["prompt_tokens"] = usage.Input,
            ["completion_tokens"] = usage.Output,
            ["total_tokens"] = usage.Total,
            ["prompt_tokens_details"] = new JsonObject
            {
                ["cached_tokens"] = usage.CacheRead,
                ["cache_write_tokens"] = usage.CacheWrite + usage.CacheWriteLong,
            },
            ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.Reasoning },
        };

    /// <summary>Divides OpenAI's counts, in which the parts are contained in the whole, into kinds that do not overlap.</summary>
    public static TokenUsage? Buckets(int? input, int? cached, int? written, int? output, int? reasoning)
    {
        // Some servers send zeros where they have not counted. No call consumes nothing, and one that is recorded so would be free.
        if ((input ?? 0) == 0 && (output ?? 0) == 0)
        {
            return null;
        }

        var fresh = (long)(input ?? 0) - (cached ?? 0) - (written ?? 0);
        return new(
            (int)Math.Max(fresh, 0),
            output ?? 0,
            cached ?? 0,
            written ?? 0,
            Reasoning: Math.Min(reasoning ?? 0, output ?? 0)
        );
    }
}
