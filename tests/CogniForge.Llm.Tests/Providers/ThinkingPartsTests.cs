using System.Text.Json.Nodes;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Protocols;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>Mistral takes its earlier reasoning back as the part of the content in which it sent it.</summary>
public sealed class ThinkingPartsTests
{
    private const string Part = """{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}""";

    private const string Call =
        """[{"id":"D681PevKs","type":"function","function":{"name":"f","arguments":"{}"}}]""";

    [Theory]
    [InlineData(
        "/v1/chat/completions",
        """
        "messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"A","reasoning_content":"hm"},
         {"role":"user","content":"Go on"}]
        """
    )]
    [InlineData(
        "/v1/messages",
        """
        "max_tokens":9,"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[
          {"type":"thinking","thinking":"hm","signature":""},{"type":"text","text":"A"}]},
         {"role":"user","content":"Go on"}]
        """
    )]
    [InlineData(
        "/v1/responses",
        """
        "input":[{"role":"user","content":"Hi"},
         {"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"hm"}]},
         {"role":"assistant","content":"A"},{"role":"user","content":"Go on"}]
        """
    )]
    public async Task Mistral_EarlierReasoning_GetsPart(string path, string request) =>
        Wire.AssertEqual(
            $$$"""{"role":"assistant","content":[{{{Part}}},{"type":"text","text":"A"}]}""",
            await SendAsync("mistral", path, request)
        );

    [Fact]
    public async Task Mistral_ReasoningBesideCall_GetsPart() =>
        Wire.AssertEqual(
            $$$"""{"role":"assistant","content":[{{{Part}}}],"tool_calls":{{{Call}}}}""",
            await SendAsync(
                "mistral",
                "/v1/chat/completions",
                $$$"""
                "messages":[{"role":"user","content":"Hi"},
                 {"role":"assistant","content":null,"reasoning":"hm","tool_calls":{{{Call}}}},
                 {"role":"tool","tool_call_id":"D681PevKs","content":"1"}]
                """
            )
        );

    [Theory]
    [InlineData("deepseek", """{"role":"assistant","content":"A","reasoning_content":"hm"}""")]
    [InlineData("groq", """{"role":"assistant","content":"A"}""")]
    [InlineData("openai", """{"role":"assistant","content":"A"}""")]
    public async Task OtherProvider_EarlierReasoning_GetsNoPart(string provider, string expected) =>
        Wire.AssertEqual(
            expected,
            await SendAsync(
                provider,
                "/v1/chat/completions",
                """
                "messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"A","reasoning_content":"hm"},
                 {"role":"user","content":"Go on"}]
                """
            )
        );

    /// <summary>Sends a second turn, and returns the assistant's message that the provider receives.</summary>
    private static async Task<JsonNode?> SendAsync(string provider, string path, string request)
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start(
            ($"Providers:{provider}:BaseUrl", fake.BaseUrl),
            ($"Providers:{provider}:ApiKey", "secret")
        );
        using var response = await gateway.Client.PostAsync(path, $$"""{"model":"{{provider}}/m",{{request}}}""");
        await response.ReadAsync(200);
        return Wire.Node(fake.Calls.Single().Body.GetRawText())["messages"]![1];
    }
}
