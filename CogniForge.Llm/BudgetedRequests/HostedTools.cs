using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.BudgetedRequests;

/// <summary>Bounds the use of tools that providers run themselves and charge for.</summary>
internal static class HostedTools
{
    /// <summary>The most uses that a request may allow.</summary>
    public const int MaxUses = 100;

    // No provider documents how long results are. A search of Anthropic's or OpenAI's has about 8,000 tokens.
    private const int ResultTokens = 10_000;
    private const int DefaultFileResults = 20;
    private const int MaxFileResults = 50;
    private const int TokensPerFileResult = 4_096;
    private const int MaxFetchedTokens = 1_000_000;

    // web_search_20250305 and web_fetch_20250910 of Anthropic; web_search_preview_2025_03_11 of OpenAI.
    private static readonly Regex _versions = new(
        @"\A(web_search|web_fetch|file_search|code_interpreter)(_preview)?(_20[0-9_]+)?\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    );

    /// <summary>Reads the bound of all hosted tools together, which only OpenAI's responses have; null: none.</summary>
    public static int? ReadMaxCalls(JsonElement body, JsonObject? defaults) =>
        body.TryGetProperty("max_tool_calls"u8, out var value)
            ? ReadCount(value, MaxUses)
            : ReadCount(ToElement(defaults?["max_tool_calls"]), MaxUses);

    /// <summary>Validates that the uses of a tool are bounded; null: they are.</summary>
    /// <param name="protocol">The provider's protocol.</param>
    /// <param name="tool">The tool.</param>
    /// <param name="maxCalls">The bound of all hosted tools together; null: none.</param>
    public static FieldError? Validate(Protocol protocol, JsonElement tool, int? maxCalls) =>
        (protocol, GetName(tool)) switch
        {
            (Protocol.Messages, "web_search") => Require(Get(tool, "max_uses", MaxUses), "max_uses", MaxUses),
            (Protocol.Messages, "web_fetch") => Require(Get(tool, "max_uses", MaxUses), "max_uses", MaxUses)
                ?? Require(
                    Get(tool, "max_content_tokens", MaxFetchedTokens),
                    "max_content_tokens",
                    MaxFetchedTokens
                ),
            (Protocol.Responses, "code_interpreter") when !HasDefaultContainer(tool) => new(
                ".container",
                "must be {\"type\": \"auto\"} for an API key with a budget: others have other fees"
            ),
            (Protocol.Responses, "web_search" or "file_search" or "code_interpreter") => Require(
                maxCalls,
                "max_tool_calls",
                MaxUses
            ),
            _ => new(
                ".type",
                "is not allowed for an API key with a budget: "
                    + "only tools that the client runs have no costs of their own"
            ),
        };

    /// <summary>
    /// Bounds the uses that a client's request allows. Those without a bound are refused elsewhere, and those that the
    /// provider's protocol does not have are not sent.
    /// </summary>
    /// <param name="protocol">The provider's protocol.</param>
    /// <param name="body">The client's request.</param>
    /// <param name="defaults">The defaults of the route.</param>
    public static ToolUseBound Bound(Protocol protocol, JsonElement body, JsonObject? defaults)
    {
        var maxCalls = protocol == Protocol.Responses ? ReadMaxCalls(body, defaults) : null;
        var tools = body.TryGetProperty("tools"u8, out var own) ? own : ToElement(defaults?["tools"]);
        var (uses, resultTokens) = (new Dictionary<string, int>(), 0);
        foreach (var tool in tools.Items().Concat(RequestTools.GetAdditional(body).Select(t => t.Tool)))
        {
            if (GetName(tool) is { } name && Validate(protocol, tool, maxCalls) is null)
            {
                uses[name] = uses.GetValueOrDefault(name) + (maxCalls ?? Get(tool, "max_uses", MaxUses) ?? 0);
                resultTokens = Math.Max(resultTokens, GetResultTokens(name, tool));
            }
        }

        return new(uses, maxCalls, resultTokens);
    }

    private static int GetResultTokens(string name, JsonElement tool) =>
        name switch
        {
            "web_fetch" => Get(tool, "max_content_tokens", MaxFetchedTokens) ?? MaxFetchedTokens,
            "file_search" => TokensPerFileResult
                * (
                    tool.Member("max_num_results").IsPresent()
                        ? Get(tool, "max_num_results", MaxFileResults) ?? MaxFileResults
                        : DefaultFileResults
                ),
            _ => ResultTokens,
        };

    private static string? GetName(JsonElement tool) =>
        tool.Members("type").ToList() is [var type] && _versions.Match(type.Text() ?? "") is { Success: true } match
            ? match.Groups[1].Value
            : null;

    private static bool HasDefaultContainer(JsonElement tool) =>
        tool.Members("container").ToList() is [{ ValueKind: JsonValueKind.Object } container]
        && container.EnumerateObject().All(m => m.ValidName() == "type" && m.Value.Text() == "auto");

    private static FieldError? Require(int? value, string name, int max) =>
        value is null
            ? new(
                ".type",
                $"needs {name}, a whole number from 1 to {max}, for an API key with a budget: "
                    + "the provider charges for each use"
            )
            : null;

    // Providers differ in which of several members with the same name counts.
    private static int? Get(JsonElement tool, string name, int max) =>
        tool.Members(name).ToList() is [var value] ? ReadCount(value, max) : null;

    private static int? ReadCount(JsonElement value, int max) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count >= 1 && count <= max
            ? count
            : null;

    private static JsonElement ToElement(JsonNode? node) =>
        node is null ? default : JsonSerializer.SerializeToElement(node);
}
