using System.Globalization;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.OpenAI.Chat;

namespace CogniForge.Llm.Tests.Protocols.Chat;

/// <summary>Aggregation of streams to complete responses, and the reverse.</summary>
public class ChatReplayTests
{
    private readonly ChatAdapter _chat = new();

    /// <summary>Older versions of Ollama send the index 0 for every call, and others send none.</summary>
    [Theory]
    [InlineData("\"index\":0,")]
    [InlineData("")]
    public void Aggregate_CallsWithOneIndex_StaySeparate(string index)
    {
        string[] calls =
        [
            $$$"""{{{{index}}}"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}""",
            $$$"""{{{{index}}}"id":"b","type":"function","function":{"name":"g","arguments":"{"}}""",
            $$$"""{{{{index}}}"function":{"arguments":"}"}}""",
        ];
        var whole = _chat.Aggregate(
            calls.Select(c => Wire.Event($$$"""{"choices":[{"index":0,"delta":{"tool_calls":[{{{c}}}]}}]}"""))
        );
        Wire.AssertEqual(
            """
            [{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},
             {"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]
            """,
            whole["choices"]![0]!["message"]!["tool_calls"]
        );
    }

    [Fact]
    public void Aggregate_Chunks_ReturnsCompletion()
    {
        string[] chunks =
        [
            """
            {"id":"c-1","object":"chat.completion.chunk","created":5,"model":"m","service_tier":null,
              "system_fingerprint":"fp","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},
              "logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"1"}
            """,
            """
            {"id":"c-1","object":"chat.completion.chunk","created":5,"model":"m","service_tier":"default",
              "system_fingerprint":"fp","choices":[{"index":0,"delta":{"reasoning_content":"Well"},
              "finish_reason":null}]}
            """,
            """
            {"id":"c-1","object":"chat.completion.chunk","created":5,"model":"m",
              "choices":[{"index":0,"delta":{"content":"A"},"logprobs":{"content":[{"token":"A","logprob":-1}],
              "refusal":null},"finish_reason":null}]}
            """,
            """
            {"id":"c-1","object":"chat.completion.chunk","created":5,"model":"m",
              "choices":[{"index":1,"delta":{"role":"assistant","content":"x"},"finish_reason":null}]}
            """,
            """
            {"id":"c-1","object":"chat.completion.chunk","created":5,"model":"m",
              "choices":[{"index":0,"delta":{"content":"B","tool_calls":[{"index":0,"id":"call_a","type":"function",
              "function":{"name":"f","arguments":""}}]},"logprobs":{"content":[{"token":"B","logprob":-2}],
              "refusal":null},"finish_reason":null}]}
            """,
            """
            {"id":"c-1","object":"chat.completion.chunk","created":5,"model":"m",
              "choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_b","type":"function",
              "function":{"name":"g","arguments":"{}"}}]},"finish_reason":null}]}
            """,
            """
            {"id":"c-1","object":"chat.completion.chunk","created":5,"model":"m",
              "choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_a","type":"function",
              "function":{"name":"f","arguments":"{\"a\""}}]},"finish_reason":null}]}
            """,
            """
            {"id":"c-1","object":"chat.completion.chunk","created":5,"model":"m",
              "choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]},
              "finish_reason":null}]}
            """,
            """
            {"id":"c-1","object":"chat.completion.chunk","created":5,"model":"m",
              "choices":[{"index":0,"delta":{},"finish_reason":"tool_calls","native_finish_reason":"tool_use"}]}
            """,
            """
            {"id":"c-1","object":"chat.completion.chunk","created":5,"model":"m",
              "choices":[{"index":1,"delta":{},"finish_reason":"stop"}]}
            """,
            """
            {"id":"c-1","object":"chat.completion.chunk","created":5,"model":"m","choices":[],
              "usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}
            """,
            "[DONE]",
        ];
        Wire.AssertEqual(
            """
            {"id":"c-1","object":"chat.completion","created":5,"model":"m","service_tier":"default",
              "system_fingerprint":"fp",
             "choices":[
               {"index":0,"message":{"role":"assistant","content":"AB","refusal":null,"reasoning_content":"Well",
                 "tool_calls":[{"id":"call_a","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},
                   {"id":"call_b","type":"function","function":{"name":"g","arguments":"{}"}}]},
                "logprobs":{"content":[{"token":"A","logprob":-1},{"token":"B","logprob":-2}],"refusal":null},
                  "finish_reason":"tool_calls","native_finish_reason":"tool_use"},
               {"index":1,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}],
             "usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}
            """,
            _chat.Aggregate(chunks.Select(c => Wire.Event(c)))
        );
    }

    [Fact]
    public void Replay_Completion_FollowsStreamOrder()
    {
        var response = Wire.Node(
            """
            {"id":"c-1","object":"chat.completion","created":5,"model":"m",
              "choices":[{"index":0,"logprobs":null,"finish_reason":"tool_calls",
             "message":{"role":"assistant","content":"Hi","refusal":null,
               "tool_calls":[{"id":"call_a","type":"function","function":{"name":"f","arguments":"{}"}}]}}],
             "usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}
            """
        );
        const string Head =
            "{\"id\":\"c-1\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"m\",\"choices\":";
        string[] expected =
        [
            Head + """[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}]}""",
            Head + """[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}""",
            Head
                + """[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_a","type":"function","function":"""
                    + """{"name":"f","arguments":"{}"}}]},"finish_reason":null}]}""",
            Head + """[{"index":0,"delta":{},"logprobs":null,"finish_reason":"tool_calls"}]}""",
            Head + """[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""",
        ];
        var events = _chat.Replay(response).ToList();
        Assert.Equal(expected.Length, events.Count);
        Assert.All(expected.Zip(events), pair => Wire.AssertEqual(pair.First, pair.Second.Data()));
        Assert.Equal(SseEvent.Done, Assert.Single(_chat.StreamEnd));
    }

    [Fact]
    public void Aggregate_ReplayedResponse_ReturnsSameResponse()
    {
        var random = new Random(4711);
        for (var round = 0; round < 500; round++)
        {
            var response = CreateResponse(random);
            Wire.AssertEqual(response, _chat.Aggregate(_chat.Replay(response)));
        }
    }

    [Fact]
    public void Read_ReplayedResponse_ReturnsSameMetadata()
    {
        var random = new Random(4712);
        for (var round = 0; round < 200; round++)
        {
            var response = CreateResponse(random);
            var reader = _chat.CreateStreamReader();
            foreach (var item in _chat.Replay(response))
            {
                reader.Read(item);
            }

            Assert.Equal(_chat.Read(Wire.Json(response.ToJsonString())), reader.Metadata);
            Assert.True(reader.IsComplete);
        }
    }

    /// <summary>Creates a random valid response.</summary>
    internal static JsonObject CreateResponse(Random random)
    {
        var response = new JsonObject
        {
            ["id"] = Text(random),
            ["object"] = "chat.completion",
            ["created"] = random.Next(),
            ["model"] = "m" + Text(random),
        };
        response["choices"] = new JsonArray([.. Enumerable.Range(0, random.Next(1, 4)).Select(i => Choice(random, i))]);
        Maybe(
            random,
            response,
            "usage",
            () =>
                new JsonObject
                {
                    ["prompt_tokens"] = random.Next(1, 99),
                    ["completion_tokens"] = random.Next(99),
                    ["cost"] = 0.25,
                }
        );
        Maybe(random, response, "service_tier", () => "default");
        Maybe(random, response, "system_fingerprint", () => null);
        Maybe(random, response, "unknown", () => new JsonObject { ["a"] = new JsonArray(1, "x", null) });
        return response;
    }

    private static JsonObject Choice(Random random, int index)
    {
        var message = new JsonObject { ["role"] = "assistant" };
        Maybe(random, message, "content", () => random.Next(4) == 0 ? null : Text(random));
        Maybe(random, message, "refusal", () => random.Next(2) == 0 ? null : Text(random));
        Maybe(random, message, "reasoning_content", () => Text(random));
        Maybe(
            random,
            message,
            "tool_calls",
            () => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Call(random))])
        );
        Maybe(random, message, "annotations", () => new JsonArray());
        Maybe(random, message, "unknown", () => new JsonObject { ["n"] = 1.5, ["t"] = Text(random) });
        var choice = new JsonObject
        {
            ["index"] = index,
            ["message"] = message,
            ["finish_reason"] = random.Next(2) == 0 ? "stop" : "length",
        };
        Maybe(
            random,
            choice,
            "logprobs",
            () =>
                random.Next(2) == 0
                    ? null
                    : new JsonObject
                    {
                        ["content"] = new JsonArray(new JsonObject { ["token"] = Text(random) }),
                        ["refusal"] = null,
                    }
        );
        Maybe(random, choice, "native_finish_reason", () => Text(random));
        return choice;
    }

    private static JsonObject Call(Random random) =>
        new()
        {
            ["id"] = "call_" + random.Next(),
            ["type"] = "function",
            ["function"] = new JsonObject
            {
                ["name"] = "f" + random.Next(9),
                ["arguments"] = $$"""{"a":"{{random.Next().ToString(CultureInfo.InvariantCulture)}}"}""",
            },
        };

    private static string Text(Random random) =>
        string.Concat(
            Enumerable.Range(0, random.Next(6)).Select(_ => random.GetItems(["a", "ü", "\n", "\"", "🙂", " "], 1)[0])
        );

    private static void Maybe(Random random, JsonObject target, string name, Func<JsonNode?> value)
    {
        if (random.Next(2) == 0)
        {
            target[name] = value();
        }
    }
}
