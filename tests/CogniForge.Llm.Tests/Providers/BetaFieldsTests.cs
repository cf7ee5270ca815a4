using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Protocols;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>Without its beta, Anthropic refuses a field as an extra input, so both are dropped together.</summary>
public sealed class BetaFieldsTests
{
    private const string Hi = """
        "messages":[{"role":"user","content":"Hi"}]
        """;

    [Theory]
    [InlineData(
        "compact-2026-01-12",
        """{"context_management":{"edits":[{"type":"compact_20260112"},{"type":"clear_tool_uses_20250919"}]}}""",
        """{"context_management":{"edits":[{"type":"clear_tool_uses_20250919"}]}}""",
        "context_management.edits.compact_20260112"
    )]
    [InlineData(
        "compact-2026-01-12",
        """{"context_management":{"edits":[{"type":"compact_20260112"}]}}""",
        "{}",
        "context_management.edits.compact_20260112"
    )]
    [InlineData(
        "mcp-client-2025-11-20",
        """{"mcp_servers":[{"name":"m"}],"tools":[{"type":"mcp_toolset","mcp_server_name":"m"},{"name":"f"}]}""",
        """{"tools":[{"name":"f"}]}""",
        "mcp_servers, tools.mcp_toolset"
    )]
    [InlineData("skills-2025-10-02", """{"container":{"skills":[{"skill_id":"x"}]}}""", "{}", "container.skills")]
    [InlineData(
        "task-budgets-2026-03-13",
        """{"output_config":{"effort":"low","task_budget":{"type":"tokens","total":9}}}""",
        """{"output_config":{"effort":"low"}}""",
        "output_config.task_budget"
    )]
    [InlineData(
        "advisor-tool-2026-03-01",
        """{"tools":[{"type":"advisor_20260301","name":"advisor","model":"claude-opus-5"},{"name":"f"}]}""",
        """{"tools":[{"name":"f"}]}""",
        "tools.advisor_20260301"
    )]
    [InlineData(
        "advisor-tool-2026-03-01",
        """{"tools":[{"type":"advisor_20260301","name":"advisor"}],"tool_choice":{"type":"any"}}""",
        "{}",
        "tools.advisor_20260301, tool_choice"
    )]
    [InlineData(
        "advisor-tool-2026-03-01",
        """
        {"tools":[{"type":"advisor_20260301","name":"advisor"},{"name":"f"}],
         "tool_choice":{"type":"tool","name":"advisor"}}
        """,
        """{"tools":[{"name":"f"}]}""",
        "tools.advisor_20260301, tool_choice"
    )]
    [InlineData("compact-2026-01-12", "{}", "{}", null)]
    public async Task Messages_DroppedBeta_TakesItsFields(string beta, string fields, string sent, string? dropped)
    {
        var request = $$"""{"model":"r",{{Hi}},"max_tokens":9{{(fields == "{}" ? "" : ",")}}""";
        request += fields[1..];
        var names = $"anthropic-beta: {beta}" + (dropped is null ? "" : $", {dropped}");
        Assert.Equal((sent, names), await SendAsync(beta, request));
    }

    /// <summary>Without its tool, Anthropic refuses the advice of earlier turns.</summary>
    [Fact]
    public async Task Messages_DroppedAdvisor_TakesItsHistory()
    {
        const string Advice = """
            {"type":"server_tool_use","id":"s","name":"advisor","input":{}},
            {"type":"advisor_tool_result","tool_use_id":"s","content":{"type":"advisor_result","text":"b"}},
            """;
        const string History = """
            {"model":"r","max_tokens":9,"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[
              ADVICE{"type":"server_tool_use","id":"w","name":"web_search","input":{}},{"type":"text","text":"a"}]},
             {"role":"user","content":"Go on"}]}
            """;
        var (sent, dropped) = await SendAsync(
            "advisor-tool-2026-03-01",
            History.Replace("ADVICE", Advice, StringComparison.Ordinal),
            "messages"
        );
        Wire.AssertEqual(
            Wire.Node(History.Replace("ADVICE", "", StringComparison.Ordinal))["messages"],
            Wire.Node(sent)["messages"]
        );
        Assert.Equal(
            "anthropic-beta: advisor-tool-2026-03-01, messages.content.server_tool_use, "
                + "messages.content.advisor_tool_result",
            dropped
        );
    }

    /// <summary>Anthropic refuses a message without content.</summary>
    [Theory]
    [InlineData("per-turn-control-2026-07-01", """{"role":"system","content":[],"output_config":{"effort":"low"}}""")]
    [InlineData(
        "advisor-tool-2026-03-01",
        """{"role":"assistant","content":[{"type":"server_tool_use","id":"s","name":"advisor","input":{}}]}"""
    )]
    public void Messages_EmptyAfterDroppedBeta_IsRemoved(string beta, string message) =>
        Wire.AssertEqual(
            """{"messages":[{"role":"user","content":"Hi"},{"role":"user","content":"Go"}]}""",
            MessagesConflicts.Remove(
                null,
                Wire.Json(
                    $$"""{"messages":[{"role":"user","content":"Hi"},{{message}},{"role":"user","content":"Go"}]}"""
                ),
                null,
                [$"anthropic-beta: {beta}"]
            )
        );

    /// <summary>Claude Code searches its own tools with these.</summary>
    [Theory]
    [InlineData("tool-search-tool-2025-10-19")]
    [InlineData("advanced-tool-use-2025-11-20")]
    [InlineData("mid-conversation-output-config-2026-07-01")]
    public async Task Messages_BetaOfToolSearch_Passes(string beta) =>
        Assert.Null((await SendAsync(beta, $$"""{"model":"r",{{Hi}},"max_tokens":9}""")).Dropped);

    /// <summary>The field of a beta that the client did not name is the provider's to judge.</summary>
    [Fact]
    public async Task Messages_AllowedOrMissingBeta_KeepsFields()
    {
        const string Fields = """{"context_management":{"edits":[{"type":"clear_tool_uses_20250919"}]}}""";
        var request = $$"""{"model":"anthropic/claude-opus-5","max_tokens":9,{{Hi}},{{Fields[1..]}}""";
        Assert.Equal((Fields, null), await SendAsync("context-management-2025-06-27", request));
        Assert.Equal(
            (Fields, "anthropic-beta: compact-2026-01-12"),
            await SendAsync("compact-2026-01-12", request)
        );
    }

    /// <summary>The count is of what the request will send.</summary>
    [Fact]
    public async Task CountTokens_DroppedBeta_TakesItsFields()
    {
        await using var fake = await FakeProvider.StartAsync();
        fake.Behaviour = call => call.JsonAsync(200, """{"input_tokens":5}""");
        using var gateway = Start(fake);
        gateway.Client.DefaultRequestHeaders.Add("anthropic-beta", "compact-2026-01-12");
        using var response = await gateway.Client.PostAsync(
            "/v1/messages/count_tokens",
            $$$"""
            {"model":"anthropic/claude-opus-5",{{{Hi}}},"context_management":{"edits":[{"type":"compact_20260112"}]}}
            """
        );
        await response.ReadAsync(200);
        Assert.False(fake.Calls.Single().Body.TryGetProperty("context_management", out _));
    }

    private static async Task<(string Sent, string? Dropped)> SendAsync(
        string beta,
        string request,
        params string[] fields
    )
    {
        await using var fake = await FakeProvider.StartAsync();
        fake.Behaviour = call =>
            call.JsonAsync(
                200,
                """
                {"id":"m","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hi"}],
                 "stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}
                """
            );
        using var gateway = Start(fake);
        gateway.Client.DefaultRequestHeaders.Add("anthropic-beta", beta);
        fields =
            fields.Length > 0 ? fields : ["context_management", "mcp_servers", "tools", "container", "output_config"];
        return await gateway.SendAsync(fake, "/v1/messages", request, fields);
    }

    private static GatewayHost Start(FakeProvider fake) =>
        GatewayHost.Start(
            ("Providers:anthropic:BaseUrl", fake.BaseUrl),
            ("Providers:anthropic:ApiKey", "secret"),
            ("Routes:r:Targets:0:Provider", "anthropic"),
            ("Routes:r:Targets:0:Model", "claude-opus-5"),
            ("Routes:r:StatefulReferences", "any")
        );
}
