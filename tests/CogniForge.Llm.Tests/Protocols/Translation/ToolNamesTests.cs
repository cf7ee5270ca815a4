using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Tests.Protocols.Translation;

/// <summary>
/// Names that a provider rejects (BerriAI/litellm#17904, danny-avila/LibreChat#12888,
/// ChromeDevTools/chrome-devtools-mcp#1169) reach it shortened, and the client's name comes back.
/// </summary>
public class ToolNamesTests
{
    private const string Long =
        "mcp__enterprise-database-management__synchronize-all-customer-data-across-multiple-systems";

    public static TheoryData<string, string> Names() =>
        new()
        {
            { nameof(ProviderKind.OpenAI), Long },
            { nameof(ProviderKind.OpenAICompatible), Long },
            { nameof(ProviderKind.OpenRouter), Long },
            { nameof(ProviderKind.Anthropic), Long },
            { nameof(ProviderKind.OpenAICompatible), "functions.search:0" },
            { nameof(ProviderKind.Anthropic), "github/create issue" },
            { nameof(ProviderKind.OpenAI), "получить_погоду" },
            { nameof(ProviderKind.OpenAICompatible), "3d-render" }, // Gemini: a letter or underscore first
            { nameof(ProviderKind.OpenAICompatible), new('a', 64) }, // Gemini: 63 characters
            { nameof(ProviderKind.OpenAI), new('a', 65) },
        };

    [Theory]
    [MemberData(nameof(Names))]
    public void Request_RejectedName_IsFitEverywhere(string kind, string name)
    {
        foreach (var client in (Protocol[])[Protocol.Messages, Protocol.ChatCompletions, Protocol.Responses])
        {
            if (Translator(client, kind) is not { } translator)
            {
                continue;
            }

            var body = translator.Request(Request(client, name), Enum.Parse<ProviderKind>(kind)).Body;
            var names = Find(body).Distinct().ToList();
            var sent = Assert.Single(names);
            Assert.Matches("^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$", sent);
            Assert.True(sent.Length <= (kind is "OpenAI" or "Anthropic" ? 64 : 63), sent);
            Assert.NotEqual(name, sent);

            var (whole, streamed) = Respond(translator, client, kind, name, sent);
            Assert.Equal([name], whole);
            Assert.Equal([name], streamed);
        }
    }

    [Theory]
    [InlineData(nameof(ProviderKind.OpenAI), "a_valid-Name0")]
    [InlineData(nameof(ProviderKind.Anthropic), "mcp__server__tool")]
    [InlineData(nameof(ProviderKind.OpenAICompatible), "_x")]
    public void Fit_AcceptedName_IsUnchanged(string kind, string name) =>
        Assert.Equal(name, ToolNameMap.Fit(name, Enum.Parse<ProviderKind>(kind)));

    [Fact]
    public void Fit_CommonStart_StaysDistinct()
    {
        var names = Enumerable.Range(0, 100).Select(i => ToolNameMap.Fit($"{Long}_{i}", ProviderKind.OpenAI));
        Assert.Equal(100, names.Distinct().Count());
    }

    [Fact]
    public void Request_LongNamespace_RestoresBothParts()
    {
        var translator = Translator(Protocol.Responses, nameof(ProviderKind.OpenAI))!;
        var request = Wire.Node(
            $$"""
            {"input":"hi","tools":[{"type":"namespace","name":"{{Long}}","tools":[{"type":"function","name":"spawn"}]}]}
            """
        );
        var sent = (string)translator.Request(request).Body["tools"]![0]!["function"]!["name"]!;
        var item = translator.Response(request, Completion(sent))["output"]![0]!;
        Assert.Equal((Long, "spawn"), ((string?)item["namespace"], (string?)item["name"]));
    }

    private static ITranslator? Translator(Protocol client, string kind) =>
        ProtocolAdapters.Select(
            client,
            kind == nameof(ProviderKind.Anthropic) ? [Protocol.Messages] : [Protocol.ChatCompletions]
        )
            ?.Translation;

    /// <summary>A request with a tool, a choice of it and a call of it in the history.</summary>
    private static JsonObject Request(Protocol client, string name) =>
        Wire.Node(
            client switch
            {
                Protocol.Messages => $$"""
                {"max_tokens":9,"tools":[{"name":"{{name}}","input_schema":{"type":"object","properties":{} } }],
                 "tool_choice":{"type":"tool","name":"{{name}}"},"messages":[{"role":"user","content":"hi"},
                  {"role":"assistant","content":[{"type":"tool_use","id":"c","name":"{{name}}","input":{} }]},
                  {"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"r"}]}]}
                """,
                Protocol.ChatCompletions => $$"""
                {"tools":[{"type":"function","function":{"name":"{{name}}"} }],
                 "tool_choice":{"type":"function","function":{"name":"{{name}}"} },"messages":[{"role":"user",
                  "content":"hi"},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function",
                  "function":{"name":"{{name}}","arguments":"{}"} }]},{"role":"tool","tool_call_id":"c","content":"r"}]}
                """,
                _ => $$"""
                {"tools":[{"type":"function","name":"{{name}}"}],"tool_choice":{"type":"function","name":"{{name}}"},
                 "input":[{"role":"user","content":"hi"},{"type":"function_call","call_id":"c","name":"{{name}}",
                  "arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"r"}]}
                """,
            }
        );

    private static IEnumerable<string> Find(JsonNode? node) =>
        node switch
        {
            JsonObject members => members.SelectMany(m =>
                m.Key == "name" && m.Value is JsonValue ? [(string)m.Value!] : Find(m.Value)
            ),
            JsonArray items => items.SelectMany(Find),
            _ => [],
        };

    private static (IEnumerable<string>, IEnumerable<string>) Respond(
        ITranslator translator,
        Protocol client,
        string kind,
        string name,
        string sent
    )
    {
        var request = Request(client, name);
        if (kind == nameof(ProviderKind.Anthropic))
        {
            var block = $$"""{"type":"tool_use","id":"c","name":"{{sent}}","input":{} }""";
            var message = Wire.Node($$"""{"id":"m","content":[{{block}}],"stop_reason":"tool_use"}""");
            string[] events =
            [
                """{"type":"message_start","message":{"id":"m","model":"m"}}""",
                $$"""{"type":"content_block_start","index":0,"content_block":{{block}}}""",
                """{"type":"content_block_stop","index":0}""",
            ];
            return (Names(client, translator.Response(request, message)), Streamed(events));
        }

        var delta = Completion(sent)["choices"]![0]!["message"]!.ToJsonString();
        string[] chunks = [$$"""{"id":"c","model":"m","choices":[{"index":0,"delta":{{delta}}}]}"""];
        return (Names(client, translator.Response(request, Completion(sent))), Streamed(chunks));

        IEnumerable<string> Streamed(IEnumerable<string> data)
        {
            var stream = translator.Stream(request);
            var events = data.SelectMany(d => stream.Translate(Wire.Event(d))).Select(e => e.Data()).ToList();
            return events
                .Concat(stream.Complete().Select(e => e.Data()))
                .Where(e => !((string?)e["type"] ?? "").StartsWith("response.c", StringComparison.Ordinal))
                .Where(e => (string?)e["type"] is not ("response.in_progress" or "response.incomplete"))
                .SelectMany(Find)
                .Distinct();
        }
    }

    private static IEnumerable<string> Names(Protocol client, JsonObject response) =>
        Find(
            client switch
            {
                Protocol.Messages => response["content"],
                Protocol.ChatCompletions => response["choices"],
                _ => response["output"],
            }
        );

    private static JsonObject Completion(string name) =>
        Wire.Node(
            $$"""
            {"id":"c","model":"m","choices":[{"index":0,"message":{"role":"assistant","tool_calls":[{"index":0,"id":"c",
              "type":"function","function":{"name":"{{name}}","arguments":"{}"} }]},"finish_reason":"tool_calls"}]}
            """
        );
}
