using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Anthropic;

/// <summary>Anthropic's <c>usage</c>, of a response or of a stream, where later counts replace earlier ones.</summary>
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
    private List<TokenUsage> _others = [];

    /// <summary>Where the inference ran; null: unknown.</summary>
    public string? InferenceGeo { get; private set; }

    /// <summary>The uses of Anthropic's own tools.</summary>
    public ToolUses Tools { get; } = new();

    /// <summary>
    /// Applies the counts of a <c>usage</c> object; counts that it does not contain, or has as zero, keep their value.
    /// </summary>
    public void Apply(JsonElement usage)
    {
        _input = Latest(usage, "input_tokens", _input);
        _output = Latest(usage, "output_tokens", _output);
        _cacheRead = Latest(usage, "cache_read_input_tokens", _cacheRead);
        _cacheWrite = Latest(usage, "cache_creation_input_tokens", _cacheWrite);
        var writes = usage.Member("cache_creation");
        _cacheWriteShort = Latest(writes, "ephemeral_5m_input_tokens", _cacheWriteShort);
        _cacheWriteLong = Latest(writes, "ephemeral_1h_input_tokens", _cacheWriteLong);
        _reasoning = usage.Member("output_tokens_details").Count("thinking_tokens") ?? _reasoning;
        _tier = usage.Text("service_tier") ?? _tier;
        _speed = usage.Text("speed") ?? _speed;
        InferenceGeo = usage.Text("inference_geo") ?? InferenceGeo;
        Tools.Report(usage);

        // The counts leave out what the server did besides the message, such as compaction (pydantic/pydantic-ai#5065).
        var others = usage.Member("iterations").Items().Where(i => i.Text("type") is not (null or "message"));
        _others = others.Select(Read).OfType<TokenUsage>().ToList() is [_, ..] given ? given : _others;
    }

    /// <summary>Some servers repeat counts as zeros at the end (envoyproxy/ai-gateway#1631).</summary>
    private static int? Latest(JsonElement usage, string name, int? before) =>
        usage.Count(name) is { } count && (count > 0 || before is null) ? count : before;

    /// <summary>The token usage; null if there are no counts.</summary>
    public TokenUsage? Tokens
    {
        get
        {
            var @long = _cacheWriteLong ?? 0;

            // cache_creation_input_tokens is the total; only some responses break it down by lifetime.
            var writes = Math.Max(_cacheWrite ?? 0, (_cacheWriteShort ?? 0) + @long);
            var usage = new TokenUsage(
                Sum(_input, u => u.FreshInput),
                Sum(_output, u => u.Output),
                Sum(_cacheRead, u => u.CacheRead),
                Sum(writes - @long, u => u.CacheWrite),
                Sum(@long, u => u.CacheWriteLong),
                Math.Min(_reasoning ?? 0, _output ?? 0)
            );
            return usage.Total > 0 ? usage : null; // some servers send zeros at first, or always
        }
    }

    private int Sum(int? own, Func<TokenUsage, int> count) =>
        JsonExtensions.Bounded(_others.Sum(u => (double)count(u)) + (own ?? 0));

    /// <summary>
    /// The service tier; the speed instead if the speed is not standard or the tier is. Null if that speed is unknown.
    /// </summary>
    public string? ServiceTier =>
        CogniForge.Llm.Pricing.ServiceTier.IsStandard(_speed) && !CogniForge.Llm.Pricing.ServiceTier.IsStandard(_tier)
            ? _tier
            : _speed;

    /// <summary>Reads a <c>usage</c> object; null if it contains no counts.</summary>
    public static TokenUsage? Read(JsonElement usage)
    {
        var result = new MessagesUsage();
        result.Apply(usage);
        return result.Tokens;
    }

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
