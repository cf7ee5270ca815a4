using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Protocols;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>
/// DeepSeek refuses a forced tool while a model thinks (deepseek-ai/DeepSeek-V3#1376, mozilla-ai/any-llm#1384), and a
/// schema always (llm-exe/llm-exe#662, UKGovernmentBEIS/inspect_ai#4916).
/// </summary>
public sealed class WhileThinkingTests
{
    private const string Tools = """
        "messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"f"}}]
        """;

    [Theory]
    [InlineData("deepseek-v4-pro", "\"required\"", true)]
    [InlineData("deepseek-v4-flash", """{"type":"function","function":{"name":"f"}}""", true)]
    [InlineData("deepseek-v4-flash", "\"auto\"", false)]
    [InlineData("deepseek-v4-flash", "\"none\"", false)]
    [InlineData("deepseek-chat", "\"required\"", false)]
    public async Task Chat_ForcedTool_IsDroppedIfModelThinks(string model, string choice, bool isDropped)
    {
        var chat = $$"""{"model":"deepseek/{{model}}",{{Tools}},"tool_choice":{{choice}}""";
        Assert.Equal(
            isDropped ? ("{}", "tool_choice") : ($$"""{"tool_choice":{{choice}}}""", null),
            await SendAsync("/v1/chat/completions", chat + "}")
        );
        Assert.Equal(
            ($$"""{"tool_choice":{{choice}}}""", null),
            await SendAsync("/v1/chat/completions", chat + ",\"thinking\":{\"type\":\"disabled\"}}")
        );
        Assert.Equal(
            ($$"""{"tool_choice":{{choice}}}""", null),
            await SendAsync("/v1/chat/completions", chat + ",\"reasoning_effort\":\"none\"}")
        );
    }

    [Fact]
    public async Task Messages_ForcedTool_IsDroppedIfModelThinks() =>
        Assert.Equal(
            ("{}", "tool_choice"),
            await SendAsync(
                "/v1/messages",
                """
                {"model":"deepseek/deepseek-v4-pro","max_tokens":9,"messages":[{"role":"user","content":"Hi"}],
                 "tools":[{"name":"f","input_schema":{}}],"tool_choice":{"type":"tool","name":"f"}}
                """
            )
        );

    [Theory]
    [InlineData("deepseek-v4-pro")]
    [InlineData("deepseek-chat")]
    public async Task Chat_JsonMode_Passes(string model) =>
        Assert.Equal(
            ("""{"response_format":{"type":"json_object"}}""", null),
            await SendAsync(
                "/v1/chat/completions",
                $$"""{"model":"deepseek/{{model}}",{{Tools}},"response_format":{"type":"json_object"} }"""
            )
        );

    /// <summary>api-docs.deepseek.com/guides/json_mode: a schema is described in the instructions.</summary>
    [Theory]
    [InlineData("""{"role":"user","content":"Hi"}""", """{"role":"system","content":"SCHEMA"},""", "")]
    [InlineData(
        """{"role":"system","content":"Be brief"}""",
        "",
        """{"role":"system","content":"Be brief\n\nSCHEMA"}"""
    )]
    [InlineData(
        """{"role":"system","content":[{"type":"text","text":"Be brief"}]}""",
        "",
        """{"role":"system","content":[{"type":"text","text":"Be brief"},{"type":"text","text":"SCHEMA"}]}"""
    )]
    public async Task Chat_Schema_JoinsInstructions(string message, string before, string changed)
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = Start(fake);
        var (sent, dropped) = await gateway.SendAsync(
            fake,
            "/v1/chat/completions",
            $$$$"""
            {"model":"deepseek/deepseek-chat","messages":[{{{{message}}}}],
             "response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object"} } } }
            """,
            ["messages", "response_format"]
        );

        const string Schema = "Answer with JSON that matches this JSON Schema: {\\\"type\\\":\\\"object\\\"}";
        var expected = (before + (changed.Length > 0 ? changed : message)).Replace("SCHEMA", Schema);
        Wire.AssertEqual(
            $$$"""{"messages":[{{{expected}}}],"response_format":{"type":"json_object"}}""",
            Wire.Node(sent)
        );
        Assert.Equal("response_format.json_schema", dropped);
    }

    [Fact]
    public async Task Put_WhileThinkingOfModel_IsApplied()
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start();
        using var put = await gateway.Client.PutAsync(
            "/api/v1/llm/providers/mine",
            $$$$"""
            {"kind":"openAICompatible","baseUrl":"{{{{fake.BaseUrl}}}}",
             "models":[{"model":"m*","whileThinking":{"tool_choice":{"required":"auto"}}}]}
            """
        );
        await put.ReadAsync(201);
        Assert.Equal(
            ("""{"tool_choice":"auto"}""", null),
            await gateway.SendAsync(
                fake,
                "/v1/chat/completions",
                $$"""{"model":"mine/m1",{{Tools}},"tool_choice":"required"}""",
                ["tool_choice"]
            )
        );
    }

    private static async Task<(string Sent, string? Dropped)> SendAsync(string path, string request)
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = Start(fake);
        return await gateway.SendAsync(fake, path, request, ["tool_choice", "response_format"]);
    }

    private static GatewayHost Start(FakeProvider fake) =>
        GatewayHost.Start(("Providers:deepseek:BaseUrl", fake.BaseUrl), ("Providers:deepseek:ApiKey", "secret"));
}
