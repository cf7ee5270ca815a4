using CogniForge.Llm.BudgetedRequests;
using CogniForge.Llm.Gateway.Requests;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Tests.Protocols;
using Microsoft.AspNetCore.Http;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>A budget holds as much for tools and images wherever a request has them.</summary>
public class AdditionalToolBudgetTests
{
    private const string Search = """{"type":"web_search"}""";

    [Fact]
    public void Bound_HostedToolInInput_CountsItsUses()
    {
        var own = Wire.Json($$"""{"max_tool_calls":100,"input":[],"tools":[{{Search}}]}""");
        var additional = Wire.Json(
            $$"""{"max_tool_calls":100,"input":[{"type":"additional_tools","tools":[{{Search}}]}]}"""
        );

        Assert.Equal(100, HostedTools.Bound(Protocol.Responses, own, null).Uses["web_search"]);
        Assert.Equal(100, HostedTools.Bound(Protocol.Responses, additional, null).Uses["web_search"]);
    }

    [Theory]
    [InlineData("""{"type":"custom","name":"c"}""")]
    [InlineData("""{"type":"local_shell"}""")]
    public void Estimate_ToolAnywhere_AddsWhatProvidersAdd(string tool)
    {
        var expected = Estimate($$"""{"tools":[{{tool}}]}""") - Estimate("""{"tools":[]}""");
        var inner = $$"""{"type":"namespace","name":"n","tools":[{{tool}}]}""";
        string[] others =
        [
            $$"""{"input":[{"type":"additional_tools","tools":[{{tool}}]}]}""",
            $$"""{"tools":[{{inner}}]}""",
            $$"""{"tools":[{"type":"namespace","name":"m","tools":[{{inner}}]}]}""",
        ];
        Assert.All(
            others,
            body => Assert.InRange(Estimate(body) - Estimate(body.Replace(tool, "")), expected, expected + 100)
        );
    }

    [Theory]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_image"},{"type":"input_text"}]}]}""")]
    [InlineData("""{"input":[{"type":"function_call_output","output":[{"type":"input_image"}]}]}""")]
    [InlineData("""{"input":[{"type":"computer_call_output","output":{"type":"computer_screenshot"}}]}""")]
    [InlineData(
        """{"messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"image"}]}]}]}"""
    )]
    public void Images_InOutputs_AreCounted(string body) => Assert.Equal(1, RequestImages.Count(Wire.Json(body)));

    [Fact]
    public void Parse_TooManyTools_NamesMaximum()
    {
        var tools = string.Join(',', Enumerable.Repeat("""{"type":"custom"}""", 5_001));
        var body = Wire.Json(
            $$"""{"model":"m","input":[{"type":"additional_tools","tools":[{{tools}}]}],"tools":[{{tools}}]}"""
        );

        var errors = InferenceRequestParser.Parse(Protocol.Responses, body, new HeaderDictionary(), out _);

        Assert.Contains(new("tools", "must have at most 10000 entries"), errors);
    }

    [Fact]
    public void Parse_EmbeddingsInput_IsNotSearchedForTools()
    {
        var tools = string.Join(',', Enumerable.Repeat("""{"type":"custom"}""", 10_001));
        var body = Wire.Json($$"""{"model":"m","input":[{"type":"additional_tools","tools":[{{tools}}]}]}""");

        Assert.Empty(InferenceRequestParser.Parse(Protocol.Embeddings, body, new HeaderDictionary(), out _));
    }

    private static int Estimate(string body) => InputTokenUpperBound.Estimate(Wire.Json(body));
}
