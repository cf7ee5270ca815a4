using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Anthropic;

/// <summary>Anthropic's <c>usage</c>, gathered from an answer or from the events of a stream, whose later figures replace the earlier ones.</summary>
internal sealed class MessagesUsage
{
    private int? _input,
        _output,
        _cacheRead,
        _cacheWrite,
        _cacheWriteShort,
        _cacheWriteLong,
        _reasoning;
    private string? _tier,
        _speed;

    /// <summary>Takes in the figures of a <c>usage</c> object; those that it does not have stay as they are.</summary>
    public void Apply(JsonElement usage)
    {
        _input = usage.Count("input_tokens") ?? _input;
        _output = usage.Count("output_tokens") ?? _output;
        _cacheRead = usage.Count("cache_read_input_tokens") ?? _cacheRead;
        _cacheWrite = usage.Count("cache_creation_input_tokens") ?? _cacheWrite;
        var writes = usage.Member("cache_creation");
        _cacheWriteShort = writes.Count("ephemeral_5m_input_tokens") ?? _cacheWriteShort;
        _cacheWriteLong = writes.Count("ephemeral_1h_input_tokens") ?? _cacheWriteLong;
        _reasoning = usage.Member("output_tokens_details").Count("thinking_tokens") ?? _reasoning;
        _tier = usage.Text("service_tier") ?? _tier;
        _speed = usage.Text("speed") ?? _speed;
    }

    /// <summary>The tokens; null: nothing was said of them.</summary>
    public TokenUsage? Tokens
    {
        get
        {
            var @long = _cacheWriteLong ?? 0;
            var writes = Math.Max(_cacheWrite ?? 0, (_cacheWriteShort ?? 0) + @long); // the sum, and its parts where they are told apart
            var usage = new TokenUsage(
                _input ?? 0,
                _output ?? 0,
                _cacheRead ?? 0,
                writes - @long,
                @long,
                Math.Min(_reasoning ?? 0, _output ?? 0)
            );
            return usage.Total > 0 ? usage : null; // some servers send zeros until they have counted, or always
        }
    }

    /// <summary>The service tier, or the speed where that is not the standard one; null: it is not told, as by a standard tier of which nobody says how fast it was.</summary>
    public string? ServiceTier =>
        CogniForge.Llm.Pricing.ServiceTier.IsStandard(_speed) && !CogniForge.Llm.Pricing.ServiceTier.IsStandard(_tier)
            ? _tier
            : _speed;

    /// <summary>Reads a <c>usage</c> object; null: it says nothing.</summary>
    public static TokenUsage? Read(JsonElement usage)
    {
        var gathered = new MessagesUsage();
        gathered.Apply(usage);
        return gathered.Tokens;
    }

    /// <summary>Writes a <c>usage</c> object.</summary>
    public static JsonObject Write(TokenUsage usage) =>
        new()
        {
            ["input_tokens"] = usage.FreshInput,
            ["cache_creation_input_tokens"] = usage.CacheWrite + usage.CacheWriteLong,
            ["cache_read_input_tokens"] = usage.CacheRead,
            ["cache_creation"] = new JsonObject
            {
                ["ephemeral_5m_input_tokens"] = usage.CacheWrite,
                ["ephemeral_1h_input_tokens"] = usage.CacheWriteLong,
            },
            ["output_tokens"] = usage.Output,
            ["output_tokens_details"] = new JsonObject { ["thinking_tokens"] = usage.Reasoning },
        };
}
