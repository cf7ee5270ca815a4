using System.IO.Enumeration;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Anthropic;

/// <summary>
/// Removes what Anthropic would refuse because of a change of the gateway: a budget of thinking above a lowered limit
/// of output tokens, and the fields of a beta that the route does not allow.
/// </summary>
internal static class MessagesConflicts
{
    private const string BetaHeader = "anthropic-beta: ";
    private const string Thinking = "thinking";
    private const int MinThinkingTokens = 1_024;

    // platform.claude.com/docs/en/build-with-claude: context-editing, compaction, task-budgets, fast-mode,
    // structured-outputs; agents-and-tools: mcp-connector, agent-skills, tool-use/advisor-tool.
    private static readonly (string Beta, string Path, string? Type)[] _betaFields =
    [
        ("compact-*", "context_management.edits", "compact_"),
        ("context-management-*", "context_management.edits", "clear_"),
        ("mcp-client-*", "mcp_servers", null),
        ("mcp-client-*", "tools", "mcp_toolset"),
        ("advisor-tool-*", "tools", "advisor_"),
        ("advisor-tool-*", "messages.content", "advisor"), // refused without the tool
        ("mid-conversation-output-config-*", "messages.output_config", null),
        ("per-turn-control-*", "messages.output_config", null),
        ("skills-*", "container.skills", null),
        ("task-budgets-*", "output_config.task_budget", null),
        ("structured-outputs-*", "output_format", null),
        ("fast-mode-*", "speed", null),
    ];

    /// <summary>Removes the conflicts of a request.</summary>
    /// <param name="changed">The request as changed so far; null: it is the client's.</param>
    /// <param name="request">The client's request.</param>
    /// <param name="limit">The limit of output tokens, if the gateway chose it; null: the client's own.</param>
    /// <param name="dropped">The dropped betas; receives the names of the fields.</param>
    /// <returns>The changed request; null: it is the client's.</returns>
    public static JsonObject? Remove(JsonObject? changed, JsonElement request, int? limit, List<string> dropped) =>
        changed is null
        && !FindFields(dropped).Any(f => request.Member(f.Path.Split('.')[0]).IsPresent())
        && !(request.Member(Thinking).Count("budget_tokens") >= limit)
            ? null
            : Remove(changed ?? StrictJson.TryCopy(request), limit, dropped);

    private static JsonObject? Remove(JsonObject? body, int? limit, List<string> dropped)
    {
        if (body is null)
        {
            return null;
        }

        foreach (var (_, path, type) in FindFields(dropped).ToList())
        {
            Remove(body, path, type, path, dropped);
        }

        if (
            FindFields(dropped).Any(f => f.Path.StartsWith("messages.", StringComparison.Ordinal))
            && body["messages"] is JsonArray messages
        )
        {
            // Anthropic refuses messages without content.
            messages.RemoveAll(m => m is JsonObject message && message["content"] is null or JsonArray { Count: 0 });
        }

        if (body["tool_choice"] is JsonObject choice && FindFields(dropped).Any(f => f.Path == "tools"))
        {
            RemoveChoice(body, choice, dropped);
        }

        if (limit is { } max && body[Thinking] is JsonObject thinking && thinking["budget_tokens"].Int64() >= max)
        {
            LowerThinking(body, thinking, max, dropped);
        }

        return body;
    }

    private static IEnumerable<(string Beta, string Path, string? Type)> FindFields(List<string> dropped) =>
        from name in dropped
        where name.StartsWith(BetaHeader, StringComparison.Ordinal)
        from field in _betaFields
        where FileSystemName.MatchesSimpleExpression(field.Beta, name.AsSpan(BetaHeader.Length))
        select field;

    /// <summary>Removes a choice of tools that are no longer there: Anthropic takes none without tools.</summary>
    private static void RemoveChoice(JsonObject body, JsonObject choice, List<string> dropped)
    {
        var names = body["tools"].Objects().Select(t => t["name"].Text()).ToList();
        if (names.Count == 0 || (choice["type"].Text() == "tool" && !names.Contains(choice["name"].Text())))
        {
            body.Remove("tool_choice");
            dropped.Add("tool_choice");
        }
    }

    /// <summary>Leaves a quarter of the limit to the text. Too little thinking is none.</summary>
    private static void LowerThinking(JsonObject body, JsonObject thinking, int limit, List<string> dropped)
    {
        var budget = (int)(limit * 3L / 4);
        if (budget >= MinThinkingTokens)
        {
            thinking["budget_tokens"] = budget;
            dropped.Add("thinking.budget_tokens");
            return;
        }

        body.Remove(Thinking);
        dropped.Add(Thinking);

        // Anthropic refuses this edit without thinking (router-for-me/CLIProxyAPI#4957).
        Remove(body, "context_management.edits", "clear_thinking_", "context_management.edits", dropped);
    }

    /// <summary>Removes a field, or the items of an array by the start of their type, and what became empty.</summary>
    private static void Remove(JsonObject parent, string path, string? type, string name, List<string> dropped)
    {
        var parts = path.Split('.', 2);
        if (parts.Length == 2 && parent[parts[0]] is JsonArray children)
        {
            foreach (var child in children.Objects())
            {
                Remove(child, parts[1], type, name, dropped);
            }
        }
        else if (parts.Length == 2)
        {
            if (parent[parts[0]] is JsonObject child)
            {
                Remove(child, parts[1], type, name, dropped);
                RemoveIfEmpty(parent, parts[0], child.Count);
            }
        }
        else if (type is null)
        {
            dropped.AddRange(parent.Remove(path) ? [name] : []);
        }
        else if (parent[path] is JsonArray items)
        {
            var names = items.Objects().Where(IsOfType).Select(i => i["type"].Text()).Distinct().ToList();
            dropped.AddRange(names.Select(own => $"{name}.{own}"));
            items.RemoveAll(i => i is JsonObject item && IsOfType(item));
            RemoveIfEmpty(parent, path, items.Count);
        }

        bool IsOfType(JsonObject item) =>
            item[item["type"].Text() == "server_tool_use" ? "name" : "type"]
                .Text()
                ?.StartsWith(type!, StringComparison.Ordinal) == true;
    }

    private static void RemoveIfEmpty(JsonObject parent, string name, int count)
    {
        if (count == 0)
        {
            parent.Remove(name);
        }
    }
}
