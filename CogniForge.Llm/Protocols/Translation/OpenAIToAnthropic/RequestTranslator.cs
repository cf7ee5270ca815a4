using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>Translates requests of chat completions to Anthropic's messages.</summary>
internal static class RequestTranslator
{
    // Anthropic requires a limit, OpenAI does not. This is the largest that all of its models accept, even the oldest.
    private const int DefaultMaxTokens = 4096;

    private static readonly FrozenSet<string> _translated = FrozenSet.Create(
        "messages",
        "max_tokens",
        "max_completion_tokens",
        "stop",
        "user",
        "safety_identifier",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
        "response_format",
        "reasoning_effort",
        "reasoning",
        "service_tier",
        "n",
        "stream_options",
        "functions",
        "function_call"
    );

    private static readonly FrozenSet<string> _withoutEquivalent = FrozenSet.Create(
        "logprobs",
        "top_logprobs",
        "logit_bias",
        "frequency_penalty",
        "presence_penalty",
        "seed",
        "verbosity",
        "modalities",
        "audio",
        "prediction",
        "store",
        "metadata",
        "prompt_cache_key",
        "prompt_cache_retention",
        "prompt_cache_options",
        "moderation",
        "web_search_options"
    );

    public static TranslatedRequest Translate(JsonField request)
    {
        if (request["n"].Int32() is not (null or 1))
        {
            throw request["n"].Invalid("must be 1 for this model");
        }

        IncludesUsage(request);
        foreach (var name in (string[])["functions", "function_call"])
        {
            if (request[name].Value is not null)
            {
                throw request[name].Invalid("is not supported for this model: use tools and tool_choice");
            }
        }

        var result = new JsonObject();
        var dropped = new List<string>();
        foreach (var (name, field) in request.Members().Where(m => !_translated.Contains(m.Name)))
        {
            if (!_withoutEquivalent.Contains(name))
            {
                result[name] = field.Copy();
            }
            else if (HasEffect(field))
            {
                dropped.Add(name);
            }
        }

        result["max_tokens"] =
            MaxTokens(request["max_completion_tokens"]) ?? MaxTokens(request["max_tokens"]) ?? DefaultMaxTokens;
        MessagesTranslator.Write(request["messages"], result, dropped);
        if (ThinkingBlocks.RemoveRequestWithinLoop(result))
        {
            dropped.Add("thinking");
        }

        ToolsTranslator.Write(request, result, dropped);
        WriteStop(request["stop"], result, dropped);
        if (result["temperature"] is not null && result.Remove("top_p"))
        {
            dropped.Add("top_p"); // its newer models accept only one of both (otoroshi-llm-extension#140)
        }

        if (request["user"].Text() is not null && request["safety_identifier"].Text() is not null)
        {
            dropped.Add("safety_identifier"); // Anthropic has one field for both
        }

        if ((request["user"].Text() ?? request["safety_identifier"].Text()) is { } user)
        {
            result["metadata"] = new JsonObject { ["user_id"] = user };
        }

        WriteOutput(request, result, dropped);
        WriteServiceTier(request["service_tier"], result, dropped);
        return new(result, [.. dropped.Distinct()]);
    }

    /// <summary>Whether the client requests the usage at the end of a stream.</summary>
    public static bool IncludesUsage(JsonField request) => request["stream_options"]["include_usage"].IsTrue();

    /// <summary>Anthropic rejects blank stop sequences, such as a line break (BerriAI/litellm#3286).</summary>
    private static void WriteStop(JsonField stop, JsonObject result, List<string> dropped)
    {
        if (stop.Value is null)
        {
            return;
        }

        var texts = stop.Value is JsonArray
            ? stop.Items().Select(s => s.RequiredText()).ToList()
            : [stop.RequiredText()];
        if (texts.RemoveAll(string.IsNullOrWhiteSpace) > 0)
        {
            dropped.Add("stop");
        }

        if (texts.Count > 0)
        {
            result["stop_sequences"] = new JsonArray([.. texts.Select(t => (JsonNode)t)]);
        }
    }

    private static void WriteOutput(JsonField request, JsonObject result, List<string> dropped)
    {
        var output = result["output_config"] as JsonObject ?? [];
        var format = request["response_format"];
        switch (format["type"].Text())
        {
            case "json_schema" when format["json_schema"]["schema"].Copy() is { } schema:
                if (schema is JsonObject fitted)
                {
                    StrictSchema.Fit(fitted, "response_format", dropped);
                }

                output["format"] = new JsonObject { ["type"] = "json_schema", ["schema"] = schema };
                break;
            case not (null or "text"):
                dropped.Add("response_format");
                break;
        }

        // OpenRouter has the effort in an object, beside what only its own API has.
        var reasoning = request["reasoning"];
        if (reasoning.Object()?.Any(m => m.Key != "effort") == true)
        {
            dropped.Add("reasoning");
        }

        switch (request["reasoning_effort"].Text() ?? reasoning["effort"].Text())
        {
            case null:
                break;
            case "none":
                result.TryAdd("thinking", new JsonObject { ["type"] = "disabled" }); // newer models think by default
                break;
            case var effort:
                output["effort"] = ReasoningEffort.Fit(effort, ProviderKind.Anthropic);
                break;
        }

        if (output.Count > 0)
        {
            result["output_config"] = output.Parent is null ? output : output.DeepClone();
        }
    }

    private static void WriteServiceTier(JsonField tier, JsonObject result, List<string> dropped)
    {
        switch (tier.Text())
        {
            case null:
                break;
            case "auto" or "standard_only":
                result["service_tier"] = tier.Copy();
                break;
            case "default":
                result["service_tier"] = "standard_only";
                break;
            default:
                dropped.Add("service_tier");
                break;
        }
    }

    private static int? MaxTokens(JsonField field) =>
        field.Int32() is not < 1 ? field.Int32() : throw field.Invalid("must be a whole number, 1 or more");

    /// <summary>Whether a value differs from the field's default, unlike e.g. <c>logprobs: false</c>.</summary>
    private static bool HasEffect(JsonField field) =>
        field.Value!.GetValueKind() switch
        {
            JsonValueKind.False => false,
            JsonValueKind.Number => field.Path == "seed" || field.Value.ToJsonString() is not ("0" or "0.0"),
            JsonValueKind.Object => field.Object()!.Count > 0,
            _ => true,
        };
}
