using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>Translates requests of Anthropic's messages to chat completions.</summary>
internal static class RequestTranslator
{
    private const int MaxUserLength = 64;

    private static readonly FrozenSet<string> _translated = FrozenSet.Create(
        "messages",
        "system",
        "max_tokens",
        "stop_sequences",
        "metadata",
        "tools",
        "tool_choice",
        "output_config",
        "output_format",
        "thinking",
        "service_tier",
        "stream"
    );

    private static readonly FrozenSet<string> _withoutEquivalent = FrozenSet.Create(
        "speed",
        "container",
        "inference_geo",
        "mcp_servers",
        "context_management"
    );

    public static TranslatedRequest Translate(JsonField request, ProviderKind kind)
    {
        var result = new JsonObject();
        var dropped = new List<string>();
        foreach (var (name, field) in request.Members().Where(m => !_translated.Contains(m.Name)))
        {
            if (_withoutEquivalent.Contains(name) || CostRaisingChatFields.Names.Contains(name))
            {
                dropped.Add(name);
            }
            else
            {
                result[name] = field.Copy();
            }
        }

        if (request["max_tokens"].Int32() is { } limit)
        {
            result["max_completion_tokens"] = limit;
        }

        if (request["stream"].IsTrue())
        {
            result["stream"] = true;
            result["stream_options"] = new JsonObject { ["include_usage"] = true }; // always in Anthropic's streams
        }

        result["messages"] = MessagesTranslator.ToChat(request, kind, dropped);
        ToolsTranslator.Write(request, kind, result, dropped);
        if (request["stop_sequences"] is { Value: not null } stop)
        {
            result["stop"] = new JsonArray([.. stop.Items().Select(s => (JsonNode)s.RequiredText())]);
        }

        if (request["metadata"]["user_id"].Text() is { } user)
        {
            result["user"] = Shorten(user);
        }

        if (request["service_tier"].Text() is { } tier)
        {
            result["service_tier"] = tier == "standard_only" ? "default" : tier;
        }

        WriteEffort(request, kind, result);
        if (request["thinking"]["type"].Text() == "disabled")
        {
            result["thinking"] = request["thinking"].Copy(); // the provider's rules replace it
        }

        // The field of the beta, structured-outputs-2025-11-13, has the same value.
        var format = request["output_config"]["format"];
        WriteFormat(format.Value is null ? request["output_format"] : format, result);
        return new(result, [.. dropped.Distinct()]);
    }

    /// <summary>
    /// Writes the effort, of the last message that sets one or of the request, or the one that a budget of thinking
    /// tokens amounts to (BerriAI/litellm#35645).
    /// </summary>
    private static void WriteEffort(JsonField request, ProviderKind kind, JsonObject result)
    {
        var thinking = request["thinking"];
        var messages = request["messages"].Items().Where(m => m["role"].Text() == "system");
        var effort =
            messages.Select(m => m["output_config"]["effort"].Text()).LastOrDefault(e => e is not null)
            ?? request["output_config"]["effort"].Text()
            ?? (thinking["type"].Text() == "enabled" ? GetEffort(thinking["budget_tokens"].Int32() ?? 0) : null);
        if (effort is not null)
        {
            result["reasoning_effort"] = ReasoningEffort.Fit(effort, kind);
        }
    }

    /// <summary>
    /// Hashes an id that is too long for OpenAI: Claude Code's has 170 characters (looplj/axonhub#1669).
    /// </summary>
    private static string Shorten(string user) =>
        user.Length <= MaxUserLength
            ? user
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user)))[..MaxUserLength];

    private static string GetEffort(int budgetTokens) =>
        budgetTokens switch
        {
            < 4_096 => "low",
            < 16_384 => "medium",
            _ => "high",
        };

    private static void WriteFormat(JsonField format, JsonObject result)
    {
        if (format.Value is null)
        {
            return;
        }

        if (format["type"].Text() != "json_schema")
        {
            throw format["type"].Invalid("must be \"json_schema\" for this model");
        }

        // Not "strict", which rejects schemas with optional members that Anthropic accepts.
        result["response_format"] = new JsonObject
        {
            ["type"] = "json_schema",
            ["json_schema"] = new JsonObject { ["name"] = "answer", ["schema"] = format["schema"].Copy() },
        };
    }
}
