using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>The <c>usage</c> of chat completions and embeddings.</summary>
internal static class ChatUsage
{
    /// <summary>
    /// Reads the token usage, also under the names of OpenAI's Responses API and of other providers; null if the
    /// provider does not send it.
    /// </summary>
    /// <param name="usage">The value of <c>usage</c>.</param>
    public static TokenUsage? Read(JsonElement usage)
    {
        var (inputDetails, outputDetails) = (
            // The singular forms: OpenAI's transcriptions and Mistral (vercel/ai#14889).
            usage.Member(
                "prompt_tokens_details",
                "input_tokens_details",
                "input_token_details",
                "prompt_token_details"
            ),
            usage.Member("completion_tokens_details", "output_tokens_details")
        );
        var input = usage.Count("prompt_tokens") ?? usage.Count("input_tokens");
        var output = usage.Count("completion_tokens") ?? usage.Count("output_tokens");
        var reasoning = outputDetails.Count("reasoning_tokens") ?? usage.Count("reasoning_tokens");
        var total = usage.Count("total_tokens") ?? 0;
        if ((input ?? 0) == 0 && (output ?? 0) == 0)
        {
            // Some servers send zeros instead of counts, and every call consumes tokens. How the total divides is
            // unknown until the output is counted.
            return total > 0 ? new(total, 0, IsEstimated: true) : null;
        }

        if ((input ?? 0) == 0 && total > output)
        {
            input = total - output; // every request has some
        }

        // Kimi has it beside the counts, DeepSeek under a name of its own; the usual name may be there as zero.
        var cached = new[]
        {
            inputDetails.Count("cached_tokens"),
            usage.Count("cached_tokens"),
            usage.Count("num_cached_tokens"),
            usage.Count("prompt_cache_hit_tokens"),
            usage.Count("cache_read_input_tokens"),
        }.Max();

        // Qwen has Anthropic's name in the details (BerriAI/litellm#40090), relays of Claude beside the counts.
        var written = new[]
        {
            inputDetails.Count("cache_write_tokens"),
            inputDetails.Count("cache_creation_input_tokens"),
            usage.Count("cache_creation_input_tokens"),
        }.Max();
        var inCache = (long)(cached ?? 0) + (written ?? 0);
        if (inCache > (input ?? 0))
        {
            // A part cannot exceed the whole: it stands beside it, as in Anthropic's API (earendil-works/pi#2048), or
            // the total has no room for it and it is wrong (AstrBotDevs/AstrBot#9905).
            if (total == 0 || total >= (input ?? 0) + inCache + (output ?? 0))
            {
                input = JsonExtensions.Bounded((input ?? 0) + inCache);
            }
            else
            {
                cached = Math.Min(cached ?? 0, input ?? 0);
                written = Math.Min(written ?? 0, (input ?? 0) - cached.Value);
            }
        }

        // xAI, and Gemini's compatible API, count reasoning in the total only: their output would be almost free.
        var outside = total - (long)(input ?? 0) - (output ?? 0);
        if (outside > 0)
        {
            reasoning = output is null ? reasoning : Math.Max(reasoning ?? 0, JsonExtensions.Bounded(outside));
            output = JsonExtensions.Bounded((output ?? 0) + outside);
        }

        // Perplexity's deep research counts reasoning and citations neither in the output nor in the total.
        if (usage.Count("citation_tokens") is { } cited)
        {
            output = JsonExtensions.Bounded((double)(output ?? 0) + (reasoning ?? 0) + cited);
        }

        var tokens = new TokenUsage(
            Math.Max(0, (input ?? 0) - (cached ?? 0) - (written ?? 0)),
            output ?? 0,
            cached ?? 0,
            written ?? 0,
            Reasoning: Math.Min(reasoning ?? 0, output ?? 0)
        );
        return AddMedia(tokens, inputDetails, outputDetails);
    }

    private static TokenUsage AddMedia(TokenUsage usage, JsonElement inputDetails, JsonElement outputDetails)
    {
        var cached = inputDetails.Member("cached_tokens_details");
        var (fresh, read, written) = (usage.FreshInput, usage.CacheRead, usage.Output - usage.Reasoning);
        return usage with { Audio = Take("audio_tokens"), Image = Take("image_tokens") };

        MediaTokens Take(string name)
        {
            var input = inputDetails.Count(name) ?? 0;

            // Few providers report which cached tokens are audio: as many as exceed the tokens that are not cached.
            var cacheRead = Math.Min(cached.Count(name) ?? Math.Max(0, input - fresh), read);
            var tokens = new MediaTokens(
                Math.Clamp(input - cacheRead, 0, fresh),
                cacheRead,
                Math.Min(outputDetails.Count(name) ?? 0, written)
            );
            (fresh, read, written) = (fresh - tokens.Input, read - tokens.CacheRead, written - tokens.Output);
            return tokens;
        }
    }

    /// <summary>
    /// Reads what the provider charges; null if absent. With the account's own provider key (<c>is_byok</c>), the
    /// provider's charge is added to OpenRouter's fee. xAI has ten billion ticks per USD; Perplexity has an object.
    /// </summary>
    /// <param name="usage">The value of <c>usage</c>.</param>
    public static ReportedCost? Cost(JsonElement usage)
    {
        if (Amount(usage, "cost_in_usd_ticks", 10_000_000_000) is { } usd)
        {
            return new(usd, IsUsd: true);
        }

        if (usage.Member("cost") is { ValueKind: JsonValueKind.Object } parts)
        {
            return Amount(parts, "total_cost") is { } total ? new(total, IsUsd: true) : null;
        }

        var provider =
            usage.Member("is_byok").ValueKind == JsonValueKind.True
                ? Amount(usage.Member("cost_details"), "upstream_inference_cost")
                : null;
        return Amount(usage, "cost") is { } cost ? new(cost + (provider ?? 0), IsUsd: false) : null;
    }

    // The provider computes in binary floating point, so the last digits are noise. With 12 digits, sums stay exact.
    private static decimal? Amount(JsonElement element, string name, decimal unitsPerUsd = 1) =>
        element.Decimal(name) is { } amount && amount / unitsPerUsd < 1_000_000
            ? decimal.Round(amount / unitsPerUsd, 12)
            : null;

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

    /// <summary>Removes the usage from a chunk that has more than that.</summary>
    public static SseEvent Remove(SseEvent item)
    {
        try
        {
            var chunk = StrictJson.Parse(item.Data.Span);
            return chunk.Remove("usage") ? SseEvent.Create(item.Name, chunk) : item;
        }
        catch (JsonException)
        {
            return item; // with a duplicate name, which the client reads as it can
        }
    }
}
