using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Providers.Mock;

/// <summary>Selects the tools that the mock calls, and creates the calls.</summary>
internal static class MockTools
{
    /// <summary>The maximum number of tools, as at OpenAI.</summary>
    public const int MaxTools = 128;

    /// <summary>The maximum length of a tool's name in characters, as at OpenAI.</summary>
    public const int MaxName = 64;

    private const int MaxCalls = 512; // over all choices

    /// <summary>Validates the names and schemas of the tools; returns the rule that one breaks, or null.</summary>
    public static string? Validate(JsonElement body) =>
        body.Member("tools")
            .Items()
            .Select(t => t.Member("function"))
            .Index()
            .Select(f =>
                GetName(f.Item).Length > MaxName
                    ? $"tools[{f.Index}].function.name must have at most {MaxName} characters"
                    : MockJson.Validate($"tools[{f.Index}].function.parameters", f.Item.Member("parameters"))
            )
            .FirstOrDefault(e => e is not null);

    /// <summary>
    /// Creates a message with tool calls; null if the request has no tools, has just returned a tool result, or selects
    /// none.
    /// </summary>
    public static (JsonObject Message, string Finish, int Tokens)? Call(
        JsonElement body,
        string? tool,
        string userText,
        IReadOnlyList<JsonElement> messages,
        int maxCharacters,
        int choices,
        CancellationToken cancellationToken
    )
    {
        var functions =
            body.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array
                ? tools
                    .EnumerateArray()
                    .Where(t =>
                        t.ValueKind == JsonValueKind.Object
                        && t.TryGetProperty("function", out var f)
                        && f.ValueKind == JsonValueKind.Object
                    )
                    .Select(t => t.GetProperty("function"))
                    .ToList()
                : [];
        if (
            functions.Count == 0
            || (messages.Count > 0 && messages[^1].TryGetProperty("role", out var role) && role.ValueEquals("tool"))
        )
        {
            return null;
        }

        var selected = Select(body, tool, userText, functions, Math.Max(1, MaxCalls / choices), cancellationToken);
        if (selected.Count == 0)
        {
            return null;
        }

        var calls = new JsonArray();
        var tokens = 0;
        foreach (var (i, function) in selected.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = GetName(function);
            var arguments = function.TryGetProperty("parameters", out var schema)
                ? MockJson
                    .CreateInstance(schema, userText, maxCharacters / selected.Count, selected.Count)
                    ?.ToJsonString(WireJson.Options) ?? "{}"
                : "{}";
            tokens += TokenEstimator.Estimate(name.Length + arguments.Length);
            calls.Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["id"] = $"call_{i}",
                        ["type"] = "function",
                        ["function"] = new JsonObject { ["name"] = name, ["arguments"] = arguments },
                    }
            );
        }

        return (
            new JsonObject
            {
                ["role"] = "assistant",
                ["content"] = null,
                ["refusal"] = null,
                ["tool_calls"] = calls,
            },
            "tool_calls",
            tokens
        );
    }

    private static List<JsonElement> Select(
        JsonElement body,
        string? tool,
        string userText,
        List<JsonElement> functions,
        int maxCalls,
        CancellationToken cancellationToken
    )
    {
        var choice = body.TryGetProperty("tool_choice", out var c) ? c : default;
        if (choice.ValueKind == JsonValueKind.String && choice.ValueEquals("none"))
        {
            return [];
        }

        tool ??=
            choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("function", out var named)
                ? GetName(named)
                : null;
        if (tool is not null)
        {
            return [.. functions.Where(f => GetName(f) == tool).Take(1)];
        }

        var mentioned = functions
            .Where(f =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return GetName(f) is { Length: > 0 } name
                    && userText.Contains(name, StringComparison.OrdinalIgnoreCase);
            })
            .Take(maxCalls)
            .ToList();
        return mentioned.Count == 0 && choice.ValueKind == JsonValueKind.String && choice.ValueEquals("required")
            ? [functions[0]]
            : mentioned;
    }

    private static string GetName(JsonElement function) =>
        function.Member("name") is { ValueKind: JsonValueKind.String } name ? name.GetString()! : "";
}
