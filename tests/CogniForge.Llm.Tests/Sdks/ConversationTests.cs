using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Tests.Protocols;

namespace CogniForge.Llm.Tests.Sdks;

/// <summary>Every SDK at every provider, streamed and not: the provider is asked what the client asked, and the client hears what the provider said.</summary>
public class ConversationTests(SdkGateway gateway) : IClassFixture<SdkGateway>
{
    private const string Weather = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""";

    private static readonly ToolSpec[] _tools =
    [
        new("get_weather", "The weather of a city", Weather),
        new("get_time", "The time in a city", Weather),
    ];
    private static readonly Call[] _calls =
    [
        new("call_a1", "get_weather", """{"city":"Zürich"}"""),
        new("call_b2", "get_time", """{"city":"São Paulo"}"""),
    ];

    public static TheoryData<Api, Api, bool> Ways
    {
        get
        {
            var ways = new TheoryData<Api, Api, bool>();
            foreach (var client in Enum.GetValues<Api>())
            {
                foreach (var provider in Enum.GetValues<Api>())
                {
                    ways.Add(client, provider, false);
                    ways.Add(client, provider, true);
                }
            }

            return ways;
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public Task Chat_OfSeveralTurns_IsAnswered(Api client, Api provider, bool stream) =>
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

    [Theory, MemberData(nameof(Ways))]
    public async Task Tools_TwoCallsAtOnce_ReachTheClientAndTheirResultsTheProvider(
        Api client,
        Api provider,
        bool stream
    )
    {
        var first = new Question
        {
            Turns = [Turn.User("What weather and time is it?")],
            Tools = _tools,
            Choice = "auto",
        };
        await AssertAsync(client, provider, stream, first, new("Let me look.", Finish.Calls) { Calls = _calls });

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

    [Theory, MemberData(nameof(Ways))]
    public Task Tools_CallsWithoutText_AreCallsAlone(Api client, Api provider, bool stream) =>
        AssertAsync(
            client,
            provider,
            stream,
            Question.Create("Look!") with
            {
                Tools = _tools,
                Choice = "any",
            },
            new("", Finish.Calls) { Calls = _calls }
        );

    [Theory, MemberData(nameof(Ways))]
    public Task Tools_WithoutArguments_AreCalledWithNone(Api client, Api provider, bool stream) =>
        AssertAsync(
            client,
            provider,
            stream,
            Question.Create("Look!") with
            {
                Tools = [new("now", "The time", """{"type":"object","properties":{}}""")],
                Choice = "now",
                OneCallAtATime = true,
            },
            new("", Finish.Calls) { Calls = [new("call_c3", "now", "{}")] }
        );

    [Theory, MemberData(nameof(Ways))]
    public Task Image_InTheQuestion_ReachesTheProvider(Api client, Api provider, bool stream) =>
        AssertAsync(
            client,
            provider,
            stream,
            new() { Turns = [Turn.User("What is it?") with { Picture = new("image/png", "iVBORw0KGgo=") }] },
            new("A picture.")
        );

    [Theory, MemberData(nameof(Ways))]
    public Task StructuredOutput_Schema_ReachesTheProvider(Api client, Api provider, bool stream) =>
        AssertAsync(
            client,
            provider,
            stream,
            Question.Create("Where?") with
            {
                Schema =
                    """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""",
            },
            new("""{"city":"Zürich"}""")
        );

    [Theory, MemberData(nameof(Ways))]
    public Task Length_CutAnswer_SaysSo(Api client, Api provider, bool stream) =>
        AssertAsync(
            client,
            provider,
            stream,
            Question.Create("Talk") with
            {
                MaxTokens = 3,
            },
            new("And then", Finish.Length)
        );

    [Theory, MemberData(nameof(Ways))]
    public Task Refusal_OfTheModel_SaysSo(Api client, Api provider, bool stream) =>
        AssertAsync(client, provider, stream, Question.Create("Harm"), new("I can't help with", Finish.Refused));

    [Theory, MemberData(nameof(Ways))]
    public Task Usage_WithThePromptCache_IsToldInTheClientsWords(Api client, Api provider, bool stream) =>
        AssertAsync(
            client,
            provider,
            stream,
            Question.Create("Hi"),
            new("Hello")
            {
                Tokens = new(Input: 1_500, Output: 42, CacheRead: 1_000, CacheWrite: 300),
                Model = "answered-by-another",
            }
        );

    private async Task AssertAsync(Api client, Api provider, bool stream, Question question, Answer response)
    {
        var (heard, asked, call) = await gateway.AskAsync(client, provider, stream, question, response);
        Wire.AssertEqual(Comparable(question), Comparable(asked));
        Wire.AssertEqual(
            Comparable(response.Model.Length > 0 ? response : response with { Model = call.Model }),
            Comparable(heard)
        );
        Assert.Equal(stream, call.IsStream);
    }

    // Lists are compared by their items, and JSON inside of texts as JSON.
    private static JsonNode Comparable(Question question)
    {
        var node = JsonSerializer.SerializeToNode(question)!;
        node["Schema"] = question.Schema is { } schema ? JsonNode.Parse(schema) : null;
        node["Tools"] = new JsonArray([
            .. question.Tools.Select(t => (JsonNode)new JsonArray(t.Name, t.Description, JsonNode.Parse(t.Schema))),
        ]);
        foreach (var (i, turn) in question.Turns.Index())
        {
            node["Turns"]![i]!["Calls"] = Comparable(turn.Calls);
        }

        return node;
    }

    private static JsonNode Comparable(Answer response)
    {
        var node = JsonSerializer.SerializeToNode(response)!;
        node["Calls"] = Comparable(response.Calls);
        return node;
    }

    private static JsonArray Comparable(IEnumerable<Call> calls) =>
        new([
            .. calls.Select(c =>
                (JsonNode)new JsonArray(c.Id, c.Name, JsonNode.Parse(c.Arguments.Length > 0 ? c.Arguments : "{}"))
            ),
        ]);
}
