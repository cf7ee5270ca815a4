using CogniForge.Llm.BudgetedRequests;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Tests.Protocols;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>
/// Agents that search their own tools, as Claude Code does with those of MCP servers (anthropics/claude-code#15862,
/// lidge-jun/opencodex#5029), and advisors of earlier turns: all of it has a bound.
/// </summary>
public class ToolSearchBudgetTests
{
    private const string Tools = """
        "tools":[{"name":"ToolSearch","input_schema":{"type":"object"}},
                 {"name":"mcp__a__b","defer_loading":true,"description":"Reads.","input_schema":{"type":"object"}}]
        """;

    [Theory]
    // The client searches.
    [InlineData(
        """
        {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"ToolSearch","input":{"query":"b"}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[
          {"type":"tool_reference","tool_name":"mcp__a__b","cache_control":{"type":"ephemeral"}}]}]}
        """
    )]
    // The provider has searched.
    [InlineData(
        """
        {"role":"assistant","content":[{"type":"server_tool_use","id":"s","name":"tool_search_tool_regex","input":{}},
          {"type":"tool_search_tool_result","tool_use_id":"s","content":{"type":"tool_search_tool_search_result",
            "tool_references":[{"type":"tool_reference","tool_name":"mcp__a__b"}]}},
          {"type":"tool_search_tool_result","tool_use_id":"s","content":{"type":"tool_search_tool_result_error",
            "error_code":"unavailable","error_message":null}},{"type":"text","text":"a"}]},
        {"role":"user","content":"Go on"}
        """
    )]
    // platform.claude.com/docs/en/build-with-claude/effort-per-message
    [InlineData("""{"role":"system","content":[],"output_config":{"effort":"low"}},{"role":"user","content":"Go"}""")]
    [InlineData(
        """
        {"role":"assistant","content":[{"type":"server_tool_use","id":"s","name":"advisor","input":{}},
          {"type":"advisor_tool_result","tool_use_id":"s","content":{"type":"advisor_result","text":"a"}},
          {"type":"advisor_tool_result","tool_use_id":"s","content":{"type":"advisor_redacted_result",
            "encrypted_content":"abc","stop_reason":"end_turn"}},
          {"type":"compaction","content":"We talked."},{"type":"text","text":"a"}]},
        {"role":"user","content":"Go on"}
        """
    )]
    public void Messages_HistoryOfClaudeCode_IsAccepted(string messages) =>
        Assert.Null(
            Validate(
                Protocol.Messages,
                $$"""{"max_tokens":4,{{Tools}},"messages":[{"role":"user","content":"Hi"},{{messages}}]}"""
            )
        );

    [Fact]
    public void Responses_ToolSearchOfClient_IsAccepted() =>
        Assert.Null(
            Validate(
                Protocol.Responses,
                """
                {"tools":[{"type":"tool_search","execution":"client","description":"Finds.","parameters":{}}],
                 "input":[{"role":"user","content":"Hi"},
                  {"type":"tool_search_call","id":"i","call_id":"c","execution":"client","status":"completed",
                   "arguments":{"query":"b"}},
                  {"type":"tool_search_output","id":"o","call_id":"c","execution":"client","status":"completed",
                   "tools":[{"type":"function","name":"f","defer_loading":true,"parameters":{}}]},
                  {"type":"compaction","id":"k","encrypted_content":"gAAAAA"}]}
                """
            )
        );

    [Theory]
    [InlineData("""{"tools":[{"type":"tool_search"}]}""", "tools[0].type")]
    [InlineData("""{"tools":[{"type":"tool_search","execution":"server"}]}""", "tools[0].type")]
    [InlineData("""{"tools":[{"type":"tool_search","execution":"client","execution":"server"}]}""", "tools[0].type")]
    [InlineData(
        """{"input":[{"type":"tool_search_output","execution":"client","tools":[{"type":"web_search"}]}]}""",
        "input[0].tools[0].type"
    )]
    [InlineData("""{"input":[{"type":"compaction","id":"k"}]}""", "input[0].id")]
    public void Responses_WithoutBound_IsRefused(string body, string path) =>
        Assert.Equal(path, Validate(Protocol.Responses, body));

    /// <summary>Each reference may become the definition of its tool.</summary>
    [Theory]
    [InlineData("""[{"role":"user","content":[{"type":"tool_result","content":[REFERENCES]}]}]""")]
    [InlineData(
        """
        [{"role":"assistant","content":[{"type":"tool_search_tool_result",
          "content":{"type":"tool_search_tool_search_result","tool_references":[REFERENCES]}}]}]
        """
    )]
    [InlineData("""[{"role":"user","content":[{"type":"tool_result","content":"","content":[REFERENCES]}]}]""")]
    public void Estimate_ToolReference_CountsItsTool(string messages)
    {
        var tool = $$"""{"name":"t","defer_loading":true,"description":"{{new string('d', 1_000)}}"}""";
        const string Reference = """{"type":"tool\u005freference","tool_name":"t"}""";

        var none = Estimate("""{"type":"text","text":"a"}""");
        var two = Estimate($"{Reference},{Reference}");

        Assert.InRange(two - none, 2 * tool.Length, (2 * tool.Length) + (2 * Reference.Length));

        int Estimate(string references) =>
            InputTokenUpperBound.Estimate(
                Wire.Json($$"""{"tools":[{{tool}}],"messages":{{messages.Replace("REFERENCES", references)}} }""")
            );
    }

    /// <summary>Anthropic gets a tool whose name it rejects by another one.</summary>
    [Fact]
    public void Estimate_ReferenceToRenamedTool_CountsItsTool()
    {
        var tool = $$"""{"function":{"name":"big.x","description":"{{new string('d', 20_000)}}"} }""";
        var sent = ToolNameMap.Fit("big.x", ProviderKind.Anthropic);
        var body = $$"""
            {"tools":[{{tool}}],
             "messages":[{"role":"tool","content":[{"type":"tool_reference","tool_name":"{{sent}}"}]}]}
            """;

        Assert.InRange(InputTokenUpperBound.Estimate(Wire.Json(body)), 2 * tool.Length, int.MaxValue);
    }

    /// <summary>Providers differ in which member counts, so an input of 2 USD might seem to cost nothing.</summary>
    [Theory]
    [InlineData("""{"type":"document","type":"image","source":{"type":"text","data":"a"}}""")]
    [InlineData("""{"type":"tool_reference","type":"text","text":"a"}""")]
    public void Messages_NameTwiceWithinContent_IsRefused(string block) =>
        Assert.NotNull(
            Validate(Protocol.Messages, $$"""{"max_tokens":4,"messages":[{"role":"user","content":[{{block}}]}]}""")
        );

    [Fact]
    public void Bound_HostedToolInSearchResult_CountsItsUses()
    {
        var body = Wire.Json(
            """
            {"max_tool_calls":7,"input":[{"type":"tool_search_output","tools":[{"type":"web_search"}]}]}
            """
        );

        Assert.Equal(7, HostedTools.Bound(Protocol.Responses, body, null).Uses["web_search"]);
    }

    private static string? Validate(Protocol protocol, string body) =>
        BudgetedRequestValidator.Validate(protocol, Wire.Json(body), null)?.Path;
}
