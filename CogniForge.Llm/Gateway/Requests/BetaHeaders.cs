using System.IO.Enumeration;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>Passes only those beta features of providers that a route allows.</summary>
internal static class BetaHeaders
{
    private static readonly string[] _names = ["anthropic-beta", "openai-beta"];

    /// <summary>
    /// What routes without a list of their own allow: features that change only the response itself. Not files, skills,
    /// MCP, code execution and batches, which use what the provider keeps for the account, nor the advisor, a model of
    /// the client's choice at a price of its own (platform.claude.com: advisor-tool).
    /// </summary>
    public static IReadOnlyList<string> Default { get; } =
    [
        "adaptive-thinking-*",
        "advanced-tool-use-*",
        "claude-code-*",
        "computer-use-*",
        "context-1m-*",
        "context-management-*",
        "effort-*",
        "extended-cache-ttl-*",
        "fast-mode-*",
        "fine-grained-tool-streaming-*",
        "interleaved-thinking-*",
        "max-tokens-3-5-sonnet-*",
        "mid-conversation-*",
        "model-context-window-exceeded-*",
        "output-128k-*",
        "pdfs-*",
        "per-turn-control-*",
        "prompt-caching-*",
        "redact-thinking-*",
        "structured-outputs-*",
        "thinking-token-count-*",
        "token-counting-*",
        "token-efficient-tools-*",
        "tool-examples-*",
        "tool-search-tool-*",
        "responses=*",
    ];

    /// <summary>Removes the features that the route does not allow.</summary>
    /// <param name="headers">The client's headers.</param>
    /// <param name="allowed">The allowed features; null: <see cref="Default"/>.</param>
    /// <param name="dropped">Gets the removed features, as <c>header: feature</c>.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Filter(
        IReadOnlyList<KeyValuePair<string, string>> headers,
        IReadOnlyList<string>? allowed,
        List<string>? dropped = null
    )
    {
        if (!headers.Any(h => _names.Contains(h.Key)))
        {
            return headers;
        }

        var kept = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in headers)
        {
            if (!_names.Contains(name))
            {
                kept.Add(new(name, value));
                continue;
            }

            var features = value
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .ToLookup(f => IsAllowed(f, allowed ?? Default));
            dropped?.AddRange(features[false].Select(f => $"{name}: {f}"));
            if (features[true].Any())
            {
                kept.Add(new(name, string.Join(',', features[true])));
            }
        }

        return kept;
    }

    private static bool IsAllowed(string feature, IReadOnlyList<string> allowed) =>
        allowed.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, feature, ignoreCase: true));
}
