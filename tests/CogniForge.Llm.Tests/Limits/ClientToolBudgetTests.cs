using CogniForge.Llm.Pricing;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Protocols;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>
/// Tools that the client runs itself cost only tokens: platform.claude.com/docs/en/agents-and-tools/tool-use and
/// developers.openai.com/api/docs/guides/tools-shell.
/// </summary>
public class ClientToolBudgetTests
{
    private const string Budget = """{"budget":{"amount":1,"period":"day"}}""";

    [Theory]
    [InlineData("""{"type":"bash_20250124","name":"bash"}""")]
    [InlineData("""{"type":"text_editor_20250728","name":"str_replace_based_edit_tool","max_characters":9}""")]
    [InlineData("""{"type":"memory_20250818","name":"memory"}""")]
    [InlineData("""{"type":"computer_20251124","name":"computer","display_width_px":9,"display_height_px":9}""")]
    public Task Messages_ClientTool_IsAccepted(string tool) => AssertAsync(200, Messages(tool));

    [Theory]
    [InlineData("""{"type":"tool_search_tool_regex_20251119","name":"s"}""")] // runs at the provider, in further calls
    [InlineData("""{"type":"code_execution_20250825","name":"c"}""")]
    [InlineData("""{"type":"bash","name":"bash"}""")]
    [InlineData("""{"type":"local_shell"}""")]
    public Task Messages_OtherTool_Returns400(string tool) => AssertAsync(400, Messages(tool));

    [Theory]
    [InlineData("""{"type":"local_shell"}""")]
    [InlineData("""{"type":"shell","environment":{"type":"local"}}""")]
    [InlineData("""{"type":"apply_patch"}""")]
    [InlineData("""{"type":"computer"}""")]
    [InlineData("""{"type":"computer_use_preview","display_width":9,"display_height":9,"environment":"browser"}""")]
    [InlineData("""{"type":"tool_search","execution":"client","description":"Finds.","parameters":{}}""")]
    [InlineData("""{"type":"namespace","name":"n","tools":[{"type":"apply_patch"}]}""")]
    public Task Responses_ClientTool_IsAccepted(string tool) => AssertAsync(200, Responses(tool));

    [Theory]
    [InlineData("""{"type":"shell"}""")]
    [InlineData("""{"type":"shell","environment":{"type":"container_auto"}}""")]
    [InlineData("""{"type":"shell","environment":{"type":"local"},"environment":{"type":"container_auto"}}""")]
    [InlineData("""{"type":"shell","environment":{"type":"local","type":"container_auto"}}""")]
    [InlineData("""{"type":"bash_20250124","name":"bash"}""")]
    public Task Responses_OtherTool_Returns400(string tool) => AssertAsync(400, Responses(tool));

    /// <summary>The calls and results of a whole loop, with which the next request begins.</summary>
    [Fact]
    public Task Responses_HistoryOfClientTools_IsAccepted() =>
        AssertAsync(
            200,
            Responses(
                """{"type":"apply_patch"}""",
                """
                {"type":"local_shell_call","id":"l","call_id":"a","status":"completed",
                 "action":{"type":"exec","command":["ls"],"env":{}}},
                {"type":"local_shell_call_output","id":"l","output":"{}"},
                {"type":"shell_call","call_id":"b","action":{"commands":["ls"]},"environment":{"type":"local"}},
                {"type":"shell_call_output","call_id":"b","max_output_length":9,
                 "output":[{"stdout":"a","stderr":"","outcome":{"type":"exit","exit_code":0}}]},
                {"type":"apply_patch_call","call_id":"c","status":"completed",
                 "operation":{"type":"update_file","path":"a","diff":"+b"}},
                {"type":"apply_patch_call_output","call_id":"c","status":"completed","output":"ok"},
                {"type":"computer_call","call_id":"d","actions":[{"type":"click","x":1,"y":2}],
                 "pending_safety_checks":[]},
                {"type":"computer_call_output","call_id":"d","acknowledged_safety_checks":[],
                 "output":{"type":"computer_screenshot","image_url":"data:image/png;base64,AAAA"}}
                """
            )
        );

    [Fact]
    public Task Responses_FileAsScreenshot_Returns400() =>
        AssertAsync(
            400,
            Responses(
                """{"type":"computer"}""",
                """
                {"type":"computer_call_output","call_id":"d",
                 "output":{"type":"computer_screenshot","image_url":"data:application/pdf;base64,AAAA"}}
                """
            )
        );

    [Theory]
    [InlineData("""{"tools":[{"type":"computer_20251124","name":"computer"}]}""", 2_048)]
    [InlineData("""{"tools":[{"type":"apply_patch"},{"type":"function","name":"f"}]}""", 2_048)]
    [InlineData(
        """{"input":[{"output":{"type":"computer_screenshot","image_url":"x"}}]}""",
        InputTokenUpperBound.TokensPerImage
    )]
    public void Estimate_ClientTool_CountsWhatProviderAdds(string body, int expected) =>
        Assert.InRange(InputTokenUpperBound.Estimate(Wire.Json(body)), expected + 512, expected + 512 + body.Length);

    private static (string Path, string Body) Messages(string tool) =>
        (
            "/v1/messages",
            $$"""
            {"model":"anthropic-fake/fake","max_tokens":4,"messages":[{"role":"user","content":"Hello"}],
             "tools":[{{tool}}]}
            """
        );

    private static (string Path, string Body) Responses(string tool, string? items = null) =>
        (
            "/v1/responses",
            $$"""
            {"model":"openai-fake/fake","max_output_tokens":4,"store":false,"tools":[{{tool}}],
             "input":[{"role":"user","content":"Hello"}{{(items is null ? "" : "," + items)}}]}
            """
        );

    private static async Task AssertAsync(int status, (string Path, string Body) request)
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.Behaviour = call =>
            call.JsonAsync(
                200,
                request.Path == "/v1/messages"
                    ? """
                    {"id":"m","type":"message","role":"assistant","model":"fake","stop_reason":"end_turn",
                     "content":[{"type":"text","text":"ok"}],"usage":{"input_tokens":9,"output_tokens":2}}
                    """
                    : """{"id":"r","status":"completed","output":[],"usage":{"input_tokens":9,"output_tokens":2}}"""
            );
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (_, client) = await gateway.NewKeyAsync(Budget);
        using var response = await client.ChatAsync(request.Body, request.Path);
        await response.ReadAsync(status);
    }
}
