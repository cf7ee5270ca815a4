using System.Text.Json;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols;

/// <summary>
/// Counts how often one response used tools that the provider runs itself and charges for, by the tool's name as fees
/// have it. Not thread-safe.
/// </summary>
internal sealed class ToolUses
{
    private const string CodeExecution = "code_execution";

    // OpenRouter and Anthropic; Perplexity; LiteLLM as a provider; xAI, twice.
    private static readonly (string? Parent, string Name, string Tool)[] _counts =
    [
        ("server_tool_use", "web_search_requests", "web_search"),
        ("server_tool_use", "web_fetch_requests", "web_fetch"),
        ("server_tool_use", "code_execution_requests", CodeExecution),
        (null, "num_search_queries", "web_search"),
        ("prompt_tokens_details", "web_search_requests", "web_search"),
        (null, "num_sources_used", "live_search"),
        ("server_side_tool_usage_details", "web_search_calls", "web_search"),
        ("server_side_tool_usage_details", "x_search_calls", "x_search"),
        ("server_side_tool_usage_details", "code_interpreter_calls", "code_interpreter"),
        ("server_side_tool_usage_details", "file_search_calls", "file_search"),
    ];

    private readonly Dictionary<string, int> _reported = [];
    private readonly Dictionary<string, int> _seen = [];
    private readonly HashSet<string> _containers = [];
    private readonly HashSet<int> _executed = [];

    /// <summary>
    /// The counts, those that the provider reports before those that were seen; null: no tool was used. A stream
    /// reports zeros until its end.
    /// </summary>
    public IReadOnlyDictionary<string, int>? Counts =>
        _reported.Count + _seen.Count == 0
            ? null
            : _reported.Concat(_seen).Where(c => c.Value > 0).DistinctBy(c => c.Key).ToDictionary();

    /// <summary>Reads the counts of a <c>usage</c> object; those that it does not contain keep their value.</summary>
    public void Report(JsonElement usage)
    {
        foreach (var (parent, name, tool) in _counts)
        {
            Report(tool, (parent is null ? usage : usage.Member(parent)).Count(name));
        }
    }

    /// <summary>Reads the calls in the <c>output</c> of OpenAI's <c>response</c> object.</summary>
    public void ReportResponse(JsonElement response)
    {
        foreach (var item in response.Member("output").Items())
        {
            SeeItem(item);
        }

        Report(response.Member("usage"));
        Report("web_search", response.Member("tool_usage").Member("web_search").Count("num_requests"));
    }

    /// <summary>
    /// Counts an item of OpenAI's output. A web search that only opens or searches a page is free, and a container is
    /// charged once.
    /// </summary>
    public void SeeItem(JsonElement item)
    {
        if (item.Text("status") == "failed")
        {
            return;
        }

        switch (item.Text("type"))
        {
            case "web_search_call" when item.Member("action").Text("type") is null or "search":
                See("web_search");
                break;
            case "file_search_call":
                See("file_search");
                break;
            case "code_interpreter_call" when _containers.Add(item.Text("container_id") ?? ""):
                See("code_interpreter");
                break;
            case "image_generation_call":
                See("image_generation");
                break;
        }
    }

    /// <summary>
    /// Counts a block of Anthropic's content. A failed search is free, and so is code execution as a part of searches;
    /// otherwise all of a response's code runs in one container.
    /// </summary>
    public void SeeBlock(JsonElement block)
    {
        var type = block.Text("type");
        if (type == "server_tool_use")
        {
            switch (block.Text("name"))
            {
                case "web_search" or "web_fetch":
                    See(block.Text("name")!);
                    _seen.Remove(CodeExecution);
                    break;
                case { } name when name.EndsWith(CodeExecution, StringComparison.Ordinal) && _seen.Count == 0:
                    See(CodeExecution);
                    break;
            }
        }
        else if (type is "web_search_tool_result" && block.Member("content").ValueKind == JsonValueKind.Object)
        {
            _seen["web_search"] = Math.Max(0, _seen.GetValueOrDefault("web_search") - 1);
        }
    }

    /// <summary>Counts a tool call of a chat completion: Kimi runs <c>$web_search</c> itself.</summary>
    /// <param name="name">The name of the function.</param>
    public void SeeCall(string? name)
    {
        if (name == "$web_search")
        {
            See("web_search");
        }
    }

    /// <summary>
    /// Counts the tools that Groq has executed, by the member <c>executed_tools</c> of a message or delta. A stream has
    /// each twice: when it begins, and with its result.
    /// </summary>
    public void SeeExecuted(JsonElement tools)
    {
        foreach (var tool in tools.Items().Where(t => t.Count("index") is not { } index || _executed.Add(index)))
        {
            switch (tool.Text("name") ?? tool.Text("type"))
            {
                case "search" or "web_search" or "browser_search" or "browser.search":
                    See("web_search");
                    break;
                case "visit" or "visit_website" or "browser.open":
                    See("visit_website");
                    break;
                case "python" or "code_interpreter" or "code_execution":
                    See(CodeExecution);
                    break;
            }
        }
    }

    /// <summary>Counts the queries in Gemini's <c>groundingMetadata</c>, which a stream repeats.</summary>
    public void ReportGrounding(JsonElement grounding) =>
        Report("web_search", grounding.Member("webSearchQueries", "web_search_queries").Items().Count());

    private void See(string tool) => _seen[tool] = _seen.GetValueOrDefault(tool) + 1;

    private void Report(string tool, int? count)
    {
        if (count > 0)
        {
            _reported[tool] = count.Value;
        }
    }
}
