using CogniForge.Llm.Tests.Fakes;
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
    [InlineData("compact-2026-01-12", "{}", "{}", null)]
    public async Task Messages_DroppedBeta_TakesItsFields(string beta, string fields, string sent, string? dropped)
    {
        var request = $$"""{"model":"r",{{Hi}},"max_tokens":9{{(fields == "{}" ? "" : ",")}}""";
        request += fields[1..];
        var names = $"anthropic-beta: {beta}" + (dropped is null ? "" : $", {dropped}");
        Assert.Equal((sent, names), await SendAsync(beta, request));
    }

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

    private static async Task<(string Sent, string? Dropped)> SendAsync(string beta, string request)
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
        string[] fields = ["context_management", "mcp_servers", "tools", "container", "output_config"];
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
