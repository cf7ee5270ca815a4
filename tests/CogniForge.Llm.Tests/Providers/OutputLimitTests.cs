using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>A limit that the gateway lowers fits the rest of the request, and a translated one the model.</summary>
public sealed class OutputLimitTests
{
    private const string Hi = """
        "messages":[{"role":"user","content":"Hi"}]
        """;

    /// <summary>
    /// Anthropic requires 1,024 or more, and less than max_tokens (BerriAI/litellm#9001, CLIProxyAPI#424). A budget of
    /// almost all leaves no room for the text (BYK/loreai#767).
    /// </summary>
    [Theory]
    [InlineData(8_000, 6_000, "thinking.budget_tokens")]
    [InlineData(1_366, 1_024, "thinking.budget_tokens")]
    [InlineData(1_365, null, "thinking")]
    [InlineData(9_000, 8_000, null)]
    public async Task Messages_LimitOfRouteBelowThinking_LowersIt(int limit, int? budget, string? dropped)
    {
        foreach (
            var (path, fields) in new[]
            {
                ("/v1/messages", "\"max_tokens\":20000"),
                ("/v1/chat/completions", "\"max_completion_tokens\":20000"),
                ("/v1/chat/completions", "\"top_k\":1"),
            }
        )
        {
            var (sent, names) = await SendAsync(
                path,
                $$"""{"model":"r",{{Hi}},{{fields}},"thinking":{"type":"enabled","budget_tokens":8000} }""",
                limit
            );
            Assert.Equal(
                budget is null
                    ? $"{{\"max_tokens\":{limit}}}"
                    : $$$"""{"thinking":{"type":"enabled","budget_tokens":{{{budget}}}},"max_tokens":{{{limit}}} }"""
                        .Replace(" ", "", StringComparison.Ordinal),
                sent
            );
            Assert.Equal(dropped, names);
        }
    }

    /// <summary>The client's own mistake gets the provider's own error.</summary>
    [Fact]
    public async Task Messages_LimitOfClientBelowThinking_Passes()
    {
        var (sent, dropped) = await SendAsync(
            "/v1/messages",
            $$"""{"model":"r","max_tokens":900,{{Hi}},"thinking":{"type":"enabled","budget_tokens":8000} }""",
            1_000
        );
        Assert.Equal(
            """{"max_tokens":900,"thinking":{"type":"enabled","budget_tokens":8000}}""",
            sent
        );
        Assert.Null(dropped);
    }

    /// <summary>Anthropic refuses the clearing of thinking without thinking (router-for-me/CLIProxyAPI#4957).</summary>
    [Fact]
    public async Task Messages_ThinkingSwitchedOff_RemovesItsClearing()
    {
        var (sent, dropped) = await SendAsync(
            "/v1/messages",
            $$$"""
            {"model":"r","max_tokens":9000,{{{Hi}}},"thinking":{"type":"enabled","budget_tokens":8000},
             "context_management":{"edits":[{"type":"clear_thinking_20251015"},
               {"type":"clear_tool_uses_20250919"}]}}
            """,
            1_000
        );
        Assert.Equal(
            """{"context_management":{"edits":[{"type":"clear_tool_uses_20250919"}]},"max_tokens":1000}""",
            sent
        );
        Assert.Equal("thinking, context_management.edits.clear_thinking_20251015", dropped);
    }

    /// <summary>Claude Code's 32,000 tokens are too many for GPT-4o (Gitlawb/openclaude#58).</summary>
    [Theory]
    [InlineData("/v1/messages", "openai/gpt-4o", "max_tokens", 32_000, 16_384)]
    [InlineData("/v1/messages", "openai/gpt-4o", "max_tokens", 16_384, 16_384)]
    [InlineData("/v1/messages", "openai/unknown", "max_tokens", 200_000, 200_000)]
    [InlineData("/v1/chat/completions", "openai/gpt-4o", "max_completion_tokens", 32_000, 32_000)] // not translated
    [InlineData("/v1/chat/completions", "anthropic/claude-opus-4-1", "max_completion_tokens", 50_000, 32_000)]
    [InlineData("/v1/chat/completions", "anthropic/claude-opus-4-1", "max_tokens", 50_000, 32_000)]
    [InlineData("/v1/responses", "anthropic/claude-opus-4-1", "max_output_tokens", 50_000, 32_000)]
    [InlineData("/v1/chat/completions", "anthropic/claude-next", "max_tokens", 50_000, 50_000)] // a default, no maximum
    public async Task Request_LimitAboveModel_IsCappedIfTranslated(
        string path,
        string model,
        string field,
        int limit,
        int expected
    )
    {
        var input = path == "/v1/responses" ? "\"input\":\"Hi\"" : Hi;
        var (sent, dropped) = await SendAsync(path, $$"""{"model":"{{model}}",{{input}},"{{field}}":{{limit}} }""");
        Assert.Contains($":{expected}}}", sent, StringComparison.Ordinal);
        Assert.Equal(limit == expected ? null : field, dropped);
    }

    private static async Task<(string Sent, string? Dropped)> SendAsync(string path, string request, int? limit = null)
    {
        await using var fake = await FakeProvider.StartAsync();
        fake.Behaviour = call =>
            call.Path.EndsWith("messages", StringComparison.Ordinal)
                ? call.JsonAsync(
                    200,
                    """
                    {"id":"m","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hi"}],
                     "stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}
                    """
                )
                : call.RespondAsync("Hello");
        using var gateway = GatewayHost.Start(
            ("Providers:anthropic:BaseUrl", fake.BaseUrl),
            ("Providers:anthropic:ApiKey", "secret"),
            ("Providers:openai:BaseUrl", fake.BaseUrl),
            ("Providers:openai:ApiKey", "secret"),
            ("Routes:r:Targets:0:Provider", "anthropic"),
            ("Routes:r:Targets:0:Model", "claude-sonnet-4-5"),
            ("Routes:r:MaxOutputTokens", limit?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "9999")
        );
        return await gateway.SendAsync(
            fake,
            path,
            request,
            ["max_tokens", "max_completion_tokens", "thinking", "context_management"]
        );
    }
}
