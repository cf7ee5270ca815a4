using System.Text.Json.Nodes;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Protocols;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>
/// Anthropic's <c>cache_control</c> reaches what understands it: without it, agents pay for the whole prompt each turn
/// (benchflow-ai/benchflow#1135, NousResearch/hermes-agent#84982).
/// </summary>
public sealed class CacheControlTests
{
    private const string Mark = """{"type":"ephemeral"}""";

    private const string Messages = $$$$"""
        "max_tokens":9,"cache_control":{{{{Mark}}}},
        "system":[{"type":"text","text":"One"},{"type":"text","text":"Two","cache_control":{{{{Mark}}}}}],
        "tools":[{"name":"f","input_schema":{"type":"object","properties":{"cache_control":{"type":"string"}}},
          "cache_control":{{{{Mark}}}}}],
        "messages":[
          {"role":"user","content":[{"type":"text","text":"Hi","cache_control":{{{{Mark}}}}}]},
          {"role":"assistant","content":[{"type":"text","text":"A"},
            {"type":"text","text":"B","cache_control":{{{{Mark}}}}},
            {"type":"tool_use","id":"c","name":"f","input":{"cache_control":"x"}}]},
          {"role":"user","content":[
            {"type":"tool_result","tool_use_id":"c","content":"r","cache_control":{{{{Mark}}}}}]}]
        """;

    [Theory]
    [InlineData("openrouter", "anthropic/claude-sonnet-5")]
    [InlineData("openrouter", "google/gemini-3.5-flash")]
    [InlineData("mine", "eu.anthropic.claude-sonnet-5")]
    public async Task Messages_ModelThatCaches_GetsMarks(string provider, string model)
    {
        var sent = await SendAsync(provider, "/v1/messages", model, Messages);

        Wire.AssertEqual(Mark, sent["cache_control"]);
        Wire.AssertEqual(Mark, sent["tools"]![0]!["cache_control"]);
        Wire.AssertEqual(
            $$$"""
            [{"role":"system","content":[{"type":"text","text":"One"},
               {"type":"text","text":"Two","cache_control":{{{Mark}}}}]},
             {"role":"user","content":[{"type":"text","text":"Hi","cache_control":{{{Mark}}}}]},
             {"role":"assistant","content":[{"type":"text","text":"A"},
               {"type":"text","text":"B","cache_control":{{{Mark}}}}],
              "tool_calls":[{"id":"c","type":"function",
                "function":{"name":"f","arguments":"{\"cache_control\":\"x\"}"}}]},
             {"role":"tool","tool_call_id":"c","content":[{"type":"text","text":"r","cache_control":{{{Mark}}}}]}]
            """,
            sent["messages"]
        );
    }

    [Theory]
    [InlineData("mine", "qwen3")]
    [InlineData("openai", "gpt-6-sol")]
    public async Task Messages_OtherModel_GetsNoMarks(string provider, string model)
    {
        var sent = await SendAsync(provider, "/v1/messages", model, Messages);

        Wire.AssertEqual(
            """
            [{"role":"system","content":"One\n\nTwo"},{"role":"user","content":"Hi"},
             {"role":"assistant","content":"AB","tool_calls":[{"id":"c","type":"function",
                "function":{"name":"f","arguments":"{\"cache_control\":\"x\"}"}}]},
             {"role":"tool","tool_call_id":"c","content":"r"}]
            """,
            sent["messages"]
        );
        Wire.AssertEqual(
            """
            [{"type":"function","function":{"name":"f","parameters":{"type":"object",
              "properties":{"cache_control":{"type":"string"}}}}}]
            """,
            sent["tools"]
        );
        Assert.False(sent.ContainsKey("cache_control"));
    }

    [Theory]
    [InlineData("openrouter", "anthropic/claude-sonnet-5", true)]
    [InlineData("mine", "qwen3", false)]
    public async Task Responses_MarkedText_FollowsModel(string provider, string model, bool isKept)
    {
        var input = $$$"""
            "input":[{"role":"user","content":[{"type":"input_text","text":"Hi","cache_control":{{{Mark}}}}]}]
            """;
        var sent = await SendAsync(provider, "/v1/responses", model, input);

        Wire.AssertEqual(
            isKept ? $$$"""[{"type":"text","text":"Hi","cache_control":{{{Mark}}}}]""" : "\"Hi\"",
            sent["messages"]![0]!["content"]
        );
    }

    [Fact]
    public async Task Messages_QuirkOfUser_KeepsMarks()
    {
        var sent = await SendAsync("mine", "/v1/messages", "qwen3", Messages, ("CacheControl", "true"));

        Wire.AssertEqual(Mark, sent["cache_control"]);
    }

    private static async Task<JsonObject> SendAsync(
        string provider,
        string path,
        string model,
        string request,
        params (string Name, string Value)[] quirks
    )
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start([
            ($"Providers:{provider}:BaseUrl", fake.BaseUrl),
            ($"Providers:{provider}:ApiKey", "secret"),
            .. quirks.Select(q => ($"Providers:{provider}:Quirks:{q.Name}", q.Value)),
        ]);
        using var response = await gateway.Client.PostAsync(
            path,
            $$"""{"model":"{{provider}}/{{model}}",{{request}}}"""
        );
        await response.ReadAsync(200);
        return Wire.Node(fake.Calls.Single().Body.GetRawText());
    }
}
