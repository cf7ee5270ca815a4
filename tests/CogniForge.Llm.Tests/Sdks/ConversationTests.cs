using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Tests.Protocols;

namespace CogniForge.Llm.Tests.Sdks;

/// <summary>
/// Every SDK with every provider, streamed and not: the provider receives the client's request, and the client the
/// provider's response.
/// </summary>
public class ConversationTests(SdkGateway gateway) : IClassFixture<SdkGateway>
{
    private const string Weather = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""";

    private static readonly ToolSpec[] _tools =
    [
        new("get_weather", "The weather of a city", Weather),
        new("get_time", "The time in a city", Weather),
    ];
    private static readonly ToolCall[] _calls =
    [
        new("call_a1", "get_weather", """{"city":"Zürich"}"""),
        new("call_b2", "get_time", """{"city":"São Paulo"}"""),
    ];

    public static TheoryData<Api, Api, bool> Combinations
    {
        get
        {
            var combinations = new TheoryData<Api, Api, bool>();
            foreach (var client in Enum.GetValues<Api>())
            {
                foreach (var provider in Enum.GetValues<Api>())
                {
                    combinations.Add(client, provider, false);
                    combinations.Add(client, provider, true);
                }
            }

            return combinations;
        }
    }

    [Theory, MemberData(nameof(Combinations))]
    public Task Chat_SeveralTurns_RoundTrips(Api client, Api provider, bool stream) =>
        AssertAsync(
            client,
            provider,
            stream,
            new()
            {
                System = "Be brief.",
                Turns =
                [
                    Turn.User("Hi, who are you?"),
                    Turn.Assistant("A model."),
                    Turn.User("Grüße — 你好 👋 \"quoted\"\nand on"),
                ],
                MaxTokens = 55,
                Temperature = 0.5,
                Stop = ["END", "###"],
                User = "user-7",
            },
            new("Schöne Grüße 👋 zurück, \"quoted\"\nand on")
        );

    [Theory, MemberData(nameof(Combinations))]
    public async Task Tools_TwoParallelCalls_RoundTripWithResults(
        Api client,
        Api provider,
        bool stream
    )
    {
        var first = new ChatRequest
        {
            Turns = [Turn.User("What weather and time is it?")],
            Tools = _tools,
            Choice = "auto",
        };
        await AssertAsync(client, provider, stream, first, new("Let me look.", FinishReason.Calls) { Calls = _calls });

        var second = first with
        {
            Turns =
            [
                .. first.Turns,
                new("assistant", "Let me look.") { Calls = _calls },
                new("user", null) { Results = [new("call_a1", "Rain"), new("call_b2", "12:00")] },
            ],
        };
        await AssertAsync(client, provider, stream, second, new("Rain at noon."));
    }

    [Theory, MemberData(nameof(Combinations))]
    public Task Tools_CallsWithoutText_HaveEmptyText(Api client, Api provider, bool stream) =>
        AssertAsync(
            client,
            provider,
            stream,
            ChatRequest.Create("Look!") with
            {
                Tools = _tools,
                Choice = "any",
            },
            new("", FinishReason.Calls) { Calls = _calls }
        );

    [Theory, MemberData(nameof(Combinations))]
    public Task Tools_WithoutArguments_AreCalledWithEmptyObject(Api client, Api provider, bool stream) =>
        AssertAsync(
            client,
            provider,
            stream,
            ChatRequest.Create("Look!") with
            {
                Tools = [new("now", "The time", """{"type":"object","properties":{}}""")],
                Choice = "now",
                OneCallAtATime = true,
            },
            new("", FinishReason.Calls) { Calls = [new("call_c3", "now", "{}")] }
        );

    [Theory, MemberData(nameof(Combinations))]
    public Task Image_InRequest_ReachesProvider(Api client, Api provider, bool stream) =>
        AssertAsync(
            client,
            provider,
            stream,
            new() { Turns = [Turn.User("What is it?") with { Image = new("image/png", "iVBORw0KGgo=") }] },
            new("A picture.")
        );

    [Theory, MemberData(nameof(Combinations))]
    public Task StructuredOutput_Schema_ReachesProvider(Api client, Api provider, bool stream) =>
        AssertAsync(
            client,
            provider,
            stream,
            ChatRequest.Create("Where?") with
            {
                Schema =
                    """
                    {"type":"object","properties":{"city":{"type":"string"}},"required":["city"],
                      "additionalProperties":false}
                    """,
            },
            new("""{"city":"Zürich"}""")
        );

    [Theory, MemberData(nameof(Combinations))]
    public Task Length_TruncatedResponse_HasFinishReason(Api client, Api provider, bool stream) =>
        AssertAsync(
            client,
            provider,
            stream,
            ChatRequest.Create("Talk") with
            {
                MaxTokens = 3,
            },
            new("And then", FinishReason.Length)
        );

    [Theory, MemberData(nameof(Combinations))]
    public Task Refusal_ByModel_HasFinishReason(Api client, Api provider, bool stream) =>
        AssertAsync(
            client,
            provider,
            stream,
            ChatRequest.Create("Harm"),
            new("I can't help with", FinishReason.Refused)
        );

    [Theory, MemberData(nameof(Combinations))]
    public Task Usage_WithPromptCache_FollowsClientProtocol(Api client, Api provider, bool stream) =>
        AssertAsync(
            client,
            provider,
            stream,
            ChatRequest.Create("Hi"),
            new("Hello")
            {
                Tokens = new(Input: 1_500, Output: 42, CacheRead: 1_000, CacheWrite: 300),
                Model = "answered-by-another",
            }
        );

    private async Task AssertAsync(Api client, Api provider, bool stream, ChatRequest request, ChatResponse response)
    {
        var (received, sent, call) = await gateway.SendAsync(client, provider, stream, request, response);
        Wire.AssertEqual(Comparable(request), Comparable(sent));
        Wire.AssertEqual(
            Comparable(response.Model.Length > 0 ? response : response with { Model = call.Model }),
            Comparable(received)
        );
        Assert.Equal(stream, call.IsStream);
    }

    // Compares lists by their items, and JSON inside texts as JSON.
    private static JsonNode Comparable(ChatRequest request)
    {
        var node = JsonSerializer.SerializeToNode(request)!;
        node["Schema"] = request.Schema is { } schema ? JsonNode.Parse(schema) : null;
        node["Tools"] = new JsonArray([
            .. request.Tools.Select(t => (JsonNode)new JsonArray(t.Name, t.Description, JsonNode.Parse(t.Schema))),
        ]);
        foreach (var (i, turn) in request.Turns.Index())
        {
            node["Turns"]![i]!["Calls"] = Comparable(turn.Calls);
        }

        return node;
    }

    private static JsonNode Comparable(ChatResponse response)
    {
        var node = JsonSerializer.SerializeToNode(response)!;
        node["Calls"] = Comparable(response.Calls);
        return node;
    }

    private static JsonArray Comparable(IEnumerable<ToolCall> calls) =>
        new([
            .. calls.Select(c =>
                (JsonNode)new JsonArray(c.Id, c.Name, JsonNode.Parse(c.Arguments.Length > 0 ? c.Arguments : "{}"))
            ),
        ]);
}
