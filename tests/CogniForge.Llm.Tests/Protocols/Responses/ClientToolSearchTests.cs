using System.Text.Json.Nodes;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Tests.Protocols.Messages;

namespace CogniForge.Llm.Tests.Protocols.Responses;

/// <summary>
/// Codex finds MCP tools by OpenAI's tool search, which it runs itself, if it knows the model
/// (developers.openai.com/api/docs/guides/tools-tool-search).
/// </summary>
public class ClientToolSearchTests
{
    private const string Search = """
        {"type":"tool_search","execution":"client","description":"Finds.",
         "parameters":{"type":"object","properties":{"query":{"type":"string"}}}}
        """;

    private const string History = $$"""
        {"model":"m","tools":[{{Search}}],"input":[{"role":"user","content":"Read"},
          {"type":"tool_search_call","id":"tsc_1","call_id":"c1","execution":"client","status":"completed",
           "arguments":{"query":"read"} },
          {"type":"tool_search_output","call_id":"c1","execution":"client","status":"completed","tools":[
           {"type":"namespace","name":"mcp__a","description":"A","tools":[
            {"type":"function","name":"read","defer_loading":true,"parameters":{"type":"object","properties":{} } }]}]},
          {"type":"tool_search_call","call_id":"c2","execution":"client","arguments":{"query":"again"} },
          {"type":"tool_search_output","call_id":"c2","execution":"client","status":"completed","tools":[
           {"type":"namespace","name":"mcp__a","tools":[{"type":"function","name":"read","defer_loading":true}]}]}]}
        """;

    [Fact]
    public void Request_ToolSearchHistory_BecomesCallsAndTools()
    {
        var (body, dropped) = Translate(Protocol.ChatCompletions, History);

        Wire.AssertEqual(
            """
            [{"role":"user","content":"Read"},
             {"role":"assistant","content":null,"tool_calls":[
               {"id":"c1","type":"function","function":{"name":"tool_search","arguments":"{\"query\":\"read\"}"}}]},
             {"role":"tool","tool_call_id":"c1","content":"{\"tools\":[\"mcp__a__read\"]}"},
             {"role":"assistant","content":null,"tool_calls":[
               {"id":"c2","type":"function","function":{"name":"tool_search","arguments":"{\"query\":\"again\"}"}}]},
             {"role":"tool","tool_call_id":"c2","content":"{\"tools\":[\"mcp__a__read\"]}"}]
            """,
            body["messages"]
        );
        Wire.AssertEqual(
            """
            [{"type":"function","function":{"name":"tool_search","description":"Finds.",
               "parameters":{"type":"object","properties":{"query":{"type":"string"}}}}},
             {"type":"function","function":{"name":"mcp__a__read","parameters":{"type":"object","properties":{}}}}]
            """,
            body["tools"]
        );
        Assert.Empty(dropped);
    }

    [Fact]
    public void Request_ToolSearchToAnthropic_NamesFoundTools()
    {
        var (body, dropped) = Translate(Protocol.Messages, History);

        Assert.Equal(["tool_search", "mcp__a__read"], body["tools"]!.AsArray().Select(t => (string?)t!["name"]));
        Assert.Equal("tool_use", (string?)body["messages"]![1]!["content"]![0]!["type"]);
        Assert.Empty(dropped);
    }

    [Theory]
    [InlineData("""{"type":"tool_search"}""")]
    [InlineData("""{"type":"tool_search","execution":"server"}""")]
    public void Request_ToolSearchOfOpenAI_IsDropped(string tool)
    {
        var (body, dropped) = Translate(
            Protocol.ChatCompletions,
            $$"""
            {"model":"m","tools":[{{tool}}],"input":[{"role":"user","content":"Hi"},
              {"type":"tool_search_call","call_id":null,"execution":"server","arguments":{} },
              {"type":"tool_search_output","call_id":null,"execution":"server","tools":[]}]}
            """
        );

        Assert.Single(body["messages"]!.AsArray());
        Assert.Equal(["tool_search", "tool_search_call", "tool_search_output"], dropped.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Response_CallOfSearch_IsToolSearchCall(bool isAnthropic, bool stream)
    {
        var provider = isAnthropic ? Protocol.Messages : Protocol.ChatCompletions;

        // The client has a tool of the same name.
        var request = Wire.Node(
            $$"""{"model":"m","input":"Hi","tools":[{{Search}},{"type":"function","name":"tool_search"}]}"""
        );
        var translation = Select(provider);
        var sent = Translate(provider, request.ToJsonString()).Body["tools"]!.AsArray();
        Assert.Equal(["tool_search_", "tool_search"], sent.Select(Name));

        var item = stream
            ? translation.Stream(request).Run(Streams.Parse(Stream(provider)))[^1].Data()["response"]!["output"]![0]!
            : translation.Response(request, Wire.Node(Whole(provider)))["output"]![0]!;

        item.AsObject().Remove("id");
        Wire.AssertEqual(
            """
            {"type":"tool_search_call","status":"completed","call_id":"c1","execution":"client",
             "arguments":{"query":"read"}}
            """,
            item
        );
    }

    /// <summary>A found tool is a definition and a name in the result.</summary>
    [Fact]
    public void Estimate_FoundTool_CountsItsName()
    {
        const string Item = """{"input":[{"type":"TYPE","tools":[{"type":"function","name":"f"}]}]}""";

        Assert.InRange(Estimate("tool_search_output") - Estimate("tool_search_outpux"), 67, 256);

        static int Estimate(string type) =>
            InputTokenUpperBound.Estimate(Wire.Json(Item.Replace("TYPE", type, StringComparison.Ordinal)));
    }

    private static string? Name(JsonNode? tool) => (string?)(tool!["function"] ?? tool)["name"];

    private static string Whole(Protocol provider) =>
        provider == Protocol.Messages
            ? """
                {"id":"msg_1","type":"message","role":"assistant","model":"m","stop_reason":"tool_use","content":[
                  {"type":"tool_use","id":"c1","name":"tool_search_","input":{"query":"read"}}],
                 "usage":{"input_tokens":1,"output_tokens":1}}
                """
            : """
                {"id":"chatcmpl-1","choices":[{"finish_reason":"tool_calls","message":{"tool_calls":[
                  {"id":"c1","function":{"name":"tool_search_","arguments":"{\"query\":\"read\"}"}}]}}]}
                """;

    private static string Stream(Protocol provider) =>
        provider == Protocol.Messages
            ? """
                data: {"type":"message_start","message":{"id":"msg_1","model":"m","usage":{"input_tokens":1}}}
                data: {"type":"content_block_start","index":0,
                  "content_block":{"type":"tool_use","id":"c1","name":"tool_search_","input":{}}}
                data: {"type":"content_block_delta","index":0,
                  "delta":{"type":"input_json_delta","partial_json":"{\"query\":\"read\"}"}}
                data: {"type":"content_block_stop","index":0}
                data: {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":1}}
                data: {"type":"message_stop"}
                """
            : """
                data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"tool_calls":[
                  {"index":0,"id":"c1","function":{"name":"tool_search_","arguments":""}}]}}]}
                data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"tool_calls":[
                  {"index":0,"function":{"arguments":"{\"query\":"}}]}}]}
                data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"tool_calls":[
                  {"index":0,"function":{"arguments":"\"read\"}"}}]},"finish_reason":"tool_calls"}]}
                """;

    private static ITranslator Select(Protocol provider) =>
        ProtocolAdapters.Select(Protocol.Responses, [provider])!.Value.Translation!;

    private static TranslatedRequest Translate(Protocol provider, string request) =>
        Select(provider)
            .Request(
                Wire.Node(request),
                provider == Protocol.Messages ? ProviderKind.Anthropic : ProviderKind.OpenAICompatible
            );
}
