using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Protocols.OpenAI.Responses;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Protocols.Translation.ResponsesToChat;
using CogniForge.Llm.Tests.Protocols.Chat;
using CogniForge.Llm.Tests.Protocols.Messages;

namespace CogniForge.Llm.Tests.Protocols.Responses;

/// <summary>Translation of chat completions to responses, complete and streamed.</summary>
public class ResponsesToChatResponseTests
{
    private const string Head = """
        "object":"response","background":false,"error":null,"previous_response_id":null,"store":false,
          "truncation":"disabled","instructions":null,"max_output_tokens":null,"parallel_tool_calls":true,
        "reasoning":{"effort":null,"summary":null},"temperature":null,"text":{"format":{"type":"text"}},
          "tool_choice":"auto","tools":[],"top_p":null,"user":null,"metadata":{}
        """;

    private readonly ResponsesToChatTranslator _translation = new();

    [Fact]
    public void Response_Completion_BecomesResponse()
    {
        var response = _translation.Response(
            [],
            Wire.Node(
                """
                {"id":"chatcmpl-7","object":"chat.completion","created":5,"model":"m","service_tier":"default",
                  "provider":"P","choices":[{"index":0,"finish_reason":"tool_calls",
                  "logprobs":{"content":[{"token":"Hi","logprob":-1,"bytes":[72,105],"top_logprobs":[]}],
                    "refusal":null},
                  "message":{"role":"assistant","content":"Hi","refusal":null,"reasoning_content":"Hm",
                    "tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{}"}},
                    {"id":"call_2","type":"function","function":{"name":"g","arguments":"{\"a\":1}"}}]}}],
                 "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,
                   "prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":3},
                   "completion_tokens_details":{"reasoning_tokens":2},"cost":0.5}}
                """
            )
        );
        Wire.AssertEqual(
            $$$"""
            {{{{Head}}},"id":"resp_7","created_at":5,"status":"completed","incomplete_details":null,"model":"m",
              "service_tier":"default","provider":"P",
             "output":[
               {"id":"rs_7_0","type":"reasoning","status":"completed","summary":[],
                 "content":[{"type":"reasoning_text","text":"Hm"}]},
               {"id":"msg_7_1","type":"message","status":"completed","role":"assistant",
                 "content":[{"type":"output_text","text":"Hi","annotations":[],
                 "logprobs":[{"token":"Hi","logprob":-1,"bytes":[72,105],"top_logprobs":[]}]}]},
               {"id":"fc_7_2","type":"function_call","status":"completed","call_id":"call_1","name":"f",
                 "arguments":"{}"},
               {"id":"fc_7_3","type":"function_call","status":"completed","call_id":"call_2","name":"g",
                 "arguments":"{\"a\":1}"}],
             "usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":4,"cache_write_tokens":3},
               "output_tokens":5,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":15,"cost":0.5} }
            """,
            response
        );
    }

    [Theory]
    [InlineData("stop", "completed", "null")]
    [InlineData("length", "incomplete", """{"reason":"max_output_tokens"}""")]
    [InlineData("model_length", "incomplete", """{"reason":"max_output_tokens"}""")]
    [InlineData("max_tokens", "incomplete", """{"reason":"max_output_tokens"}""")]
    [InlineData("content_filter", "incomplete", """{"reason":"content_filter"}""")]
    [InlineData("SAFETY", "incomplete", """{"reason":"content_filter"}""")]
    [InlineData("content_filter: SPII", "incomplete", """{"reason":"content_filter"}""")]
    public void Response_FinishReason_BecomesStatus(string reason, string status, string details)
    {
        var response = _translation.Response(
            [],
            Wire.Node(
                $$"""
                {"id":"1","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},
                  "finish_reason":"{{reason}}"}]}
                """
            )
        );
        Assert.Equal((status, status), (response["status"]!.ToString(), response["output"]![0]!["status"]!.ToString()));
        Wire.AssertEqual(details, response["incomplete_details"]);
        Assert.Null(response["usage"]);
    }

    [Theory]
    [InlineData("model_length", "max_output_tokens")]
    [InlineData("content_filter: SAFETY", "content_filter")]
    public void Stream_FinishReasonOfOthers_IsIncomplete(string reason, string expected)
    {
        var last = _translation
            .Stream([])
            .Run([
                Wire.Event(
                    $$"""{"id":"1","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"{{reason}}"}]}"""
                ),
            ])[^1];
        Assert.Equal("response.incomplete", last.Name);
        Assert.Equal(expected, (string?)last.Data()["response"]!["incomplete_details"]!["reason"]);
    }

    [Fact]
    public void Response_RequestFields_AreRepeatedAsInStream()
    {
        var request = Wire.Node(
            """
            {"model":"x","instructions":"I","max_output_tokens":9,"parallel_tool_calls":false,"tool_choice":"required",
              "tools":[{"type":"function","name":"f"}],"metadata":{"a":"b"}}
            """
        );
        var completion = Wire.Node(
            """
            {"id":"1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},
              "finish_reason":"stop"}]}
            """
        );
        var response = _translation.Response(request, completion);
        Assert.All(request.Where(m => m.Key != "model"), m => Wire.AssertEqual(m.Value, response[m.Key]));
        Assert.Equal("m", response["model"]!.ToString());

        var stream = _translation.Stream(request);
        Wire.AssertEqual(
            response,
            new ResponsesAdapter().Aggregate([
                .. new ChatAdapter().Replay(completion).SelectMany(stream.Translate),
                .. stream.Complete(),
            ])
        );
    }

    [Fact]
    public void Stream_TextThenParallelCalls_HasEveryEventInOrder()
    {
        string[] chunks =
        [
            """
            {"id":"chatcmpl-7","object":"chat.completion.chunk","created":5,"model":"m",
              "choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}
            """,
            """{"id":"chatcmpl-7","choices":[{"index":0,"delta":{"content":"H"},"finish_reason":null}]}""",
            """
            {"id":"chatcmpl-7","choices":[{"index":0,"delta":{"content":"i",
              "tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":""}}]},
              "finish_reason":null}]}
            """,
            """
            {"id":"chatcmpl-7","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_2","type":"function",
              "function":{"name":"g","arguments":"{\"b\""}}]},"finish_reason":null}]}
            """,
            """
            {"id":"chatcmpl-7","choices":[{"index":0,"delta":{"tool_calls":[
              {"index":0,"function":{"arguments":"{\"a\":1}"}},{"index":1,"function":{"arguments":":2}"}}]},
              "finish_reason":null}]}
            """,
            """{"id":"chatcmpl-7","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
            """{"id":"chatcmpl-7","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""",
        ];
        const string Echo = """
            "object":"response","background":false,"error":null,"previous_response_id":null,"store":false,
              "truncation":"disabled","instructions":"I","max_output_tokens":9,"parallel_tool_calls":false,
            "reasoning":{"effort":null,"summary":null},"temperature":0.5,"text":{"format":{"type":"text"}},
              "tool_choice":"required","tools":[{"type":"function","name":"f"}],"top_p":null,"user":null,
              "metadata":{"a":"b"},
            "id":"resp_7","created_at":5,"model":"m"
            """;
        const string Message =
            """
            {"id":"msg_7_0","type":"message","status":"completed","role":"assistant",
              "content":[{"type":"output_text","text":"Hi","annotations":[],"logprobs":[]}]}
            """;
        const string First =
            """
            {"id":"fc_7_1","type":"function_call","status":"completed","call_id":"call_1","name":"f",
              "arguments":"{\"a\":1}"}
            """;
        const string Second =
            """
            {"id":"fc_7_2","type":"function_call","status":"completed","call_id":"call_2","name":"g",
              "arguments":"{\"b\":2}"}
            """;
        string[] expected =
        [
            $$$"""
            {"type":"response.created","sequence_number":0,"response":{{{{Echo}}},"status":"in_progress",
              "incomplete_details":null,"output":[],"usage":null} }
            """,
            $$$"""
            {"type":"response.in_progress","sequence_number":1,
              "response":{{{{Echo}}},"status":"in_progress","incomplete_details":null,"output":[],"usage":null} }
            """,
            """
            {"type":"response.output_item.added","sequence_number":2,"output_index":0,
              "item":{"id":"msg_7_0","type":"message","status":"in_progress","role":"assistant","content":[]}}
            """,
            """
            {"type":"response.content_part.added","sequence_number":3,"item_id":"msg_7_0","output_index":0,
              "content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}
            """,
            """
            {"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_7_0","output_index":0,
              "content_index":0,"delta":"H","logprobs":[]}
            """,
            """
            {"type":"response.output_text.delta","sequence_number":5,"item_id":"msg_7_0","output_index":0,
              "content_index":0,"delta":"i","logprobs":[]}
            """,
            """
            {"type":"response.output_text.done","sequence_number":6,"item_id":"msg_7_0","output_index":0,
              "content_index":0,"text":"Hi","logprobs":[]}
            """,
            """
            {"type":"response.content_part.done","sequence_number":7,"item_id":"msg_7_0","output_index":0,
              "content_index":0,"part":{"type":"output_text","text":"Hi","annotations":[],"logprobs":[]}}
            """,
            $$"""{"type":"response.output_item.done","sequence_number":8,"output_index":0,"item":{{Message}} }""",
            """
            {"type":"response.output_item.added","sequence_number":9,"output_index":1,
              "item":{"id":"fc_7_1","type":"function_call","status":"in_progress","call_id":"call_1","name":"f",
              "arguments":""}}
            """,
            """
            {"type":"response.output_item.added","sequence_number":10,"output_index":2,
              "item":{"id":"fc_7_2","type":"function_call","status":"in_progress","call_id":"call_2","name":"g",
              "arguments":""}}
            """,
            """
            {"type":"response.function_call_arguments.delta","sequence_number":11,"item_id":"fc_7_2","output_index":2,
              "delta":"{\"b\""}
            """,
            """
            {"type":"response.function_call_arguments.delta","sequence_number":12,"item_id":"fc_7_1","output_index":1,
              "delta":"{\"a\":1}"}
            """,
            """
            {"type":"response.function_call_arguments.delta","sequence_number":13,"item_id":"fc_7_2","output_index":2,
              "delta":":2}"}
            """,
            """
            {"type":"response.function_call_arguments.done","sequence_number":14,"item_id":"fc_7_1","output_index":1,
              "name":"f","arguments":"{\"a\":1}"}
            """,
            $$"""{"type":"response.output_item.done","sequence_number":15,"output_index":1,"item":{{First}} }""",
            """
            {"type":"response.function_call_arguments.done","sequence_number":16,"item_id":"fc_7_2","output_index":2,
              "name":"g","arguments":"{\"b\":2}"}
            """,
            $$"""{"type":"response.output_item.done","sequence_number":17,"output_index":2,"item":{{Second}} }""",
            $$$"""
                {"type":"response.completed","sequence_number":18,
                  "response":{{{{Echo}}},"status":"completed","incomplete_details":null,
                  "output":[{{{Message}}},{{{First}}},{{{Second}}}],
                 "usage":{"input_tokens":1,"input_tokens_details":{"cached_tokens":0},"output_tokens":2,
                   "output_tokens_details":{"reasoning_tokens":0},"total_tokens":3} } }
                """,
        ];
        var stream = _translation.Stream(
            Wire.Node(
                """
                {"model":"x","instructions":"I","max_output_tokens":9,"parallel_tool_calls":false,"temperature":0.5,
                  "tool_choice":"required","tools":[{"type":"function","name":"f"}],"metadata":{"a":"b"} }
                """
            )
        );
        ResponsesReplayTests.AssertEvents(
            expected,
            [.. chunks.SelectMany(c => stream.Translate(Wire.Event(c))), .. stream.Complete()]
        );
    }

    [Fact]
    public void Stream_CallsWithSameIndex_StaySeparate()
    {
        var stream = _translation.Stream([]);
        string[] chunks =
        [
            """{"id":"1","choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]}}]}""",
            """{"id":"1","choices":[{"delta":{"tool_calls":[{"id":"b","function":{"name":"g","arguments":"{}"}}]}}]}""",
        ];
        var response = new ResponsesAdapter().Aggregate([
            .. chunks.SelectMany(c => stream.Translate(Wire.Event(c))),
            .. stream.Complete(),
        ]);
        Assert.Equal(
            [("a", "f"), ("b", "g")],
            response["output"]!.AsArray().Select(c => (c!["call_id"]!.ToString(), c["name"]!.ToString()))
        );
    }

    [Fact]
    public void Stream_SplitAnywhere_EqualsWholeResponse()
    {
        var random = new Random(77);
        var chat = new ChatAdapter();
        for (var round = 0; round < 300; round++)
        {
            var response = ChatReplayTests.CreateResponse(random);
            response["id"] = "chatcmpl-" + round;
            var stream = _translation.Stream([]);
            var events = chat.Replay(response)
                .SelectMany(e => Pieces(e.Data(), random))
                .SelectMany(c => stream.Translate(SseEvent.Create(null, c)))
                .ToList();
            events.AddRange(stream.Complete());
            Wire.AssertEqual(_translation.Response([], response), new ResponsesAdapter().Aggregate(events));
            Assert.Equal(
                Enumerable.Range(0, events.Count),
                events.Select(e => e.Data()["sequence_number"]!.GetValue<int>())
            );
        }
    }

    [Fact]
    public void Response_AsNextInput_BecomesSameTurn()
    {
        var random = new Random(78);
        for (var round = 0; round < 300; round++)
        {
            var response = ChatReplayTests.CreateResponse(random);
            var message = response["choices"]![0]!["message"]!;
            message.AsObject().Remove("refusal"); // requests have it as a content part
            var input = _translation.Response([], response)["output"]!.DeepClone().AsArray();
            input.Insert(0, Wire.Node("""{"role":"user","content":"Go on"}"""));

            var expected = new JsonObject
            {
                ["role"] = "assistant",
                ["content"] = message["content"]?.ToString() is { Length: > 0 } text ? text : null,
            };
            if (message["tool_calls"] is JsonArray { Count: > 0 } calls)
            {
                expected["tool_calls"] = calls.DeepClone();
            }

            var messages = _translation.Request(new JsonObject { ["input"] = input }).Body["messages"]!.AsArray();
            var turn = expected["content"] is null && expected["tool_calls"] is null ? null : expected;
            Wire.AssertEqual(turn, messages.Count > 1 ? messages[1] : null);
        }
    }

    /// <summary>Splits a chunk's text into pieces of one to three characters.</summary>
    [Theory]
    [InlineData(
        """
        {"tools":[{"type":"namespace","name":"agents","tools":[{"type":"function","name":"spawn"}]},
          {"type":"custom","name":"apply_patch"}]}
        """
    )]
    [InlineData(
        """
        {"tools":[{"type":"custom","name":"apply_patch"}],"input":[{"type":"additional_tools",
          "tools":[{"type":"namespace","name":"agents","tools":[{"type":"function","name":"spawn"}]}]}]}
        """
    )]
    public void Response_CodexCalls_NameTheClientsTools(string request)
    {
        var response = new ResponsesToChatTranslator().Response(
            Wire.Node(request),
            Wire.Node(
                """
                {"id":"chatcmpl-1","choices":[{"message":{"tool_calls":[
                  {"id":"a","function":{"name":"agents__spawn","arguments":"{}"}},
                  {"id":"b","function":{"name":"apply_patch","arguments":"{\"input\":\"*** Begin\"}"}}]},
                  "finish_reason":"tool_calls"}]}
                """
            )
        );
        Wire.AssertEqual(
            """
            [{"id":"fc_1_0","type":"function_call","status":"completed","call_id":"a","name":"spawn","arguments":"{}",
              "namespace":"agents"},
             {"id":"ctc_1_1","type":"custom_tool_call","status":"completed","call_id":"b","name":"apply_patch",
              "input":"*** Begin"}]
            """,
            response["output"]
        );
    }

    /// <summary>A Responses client receives the signature of Claude's thinking, and returns it later.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Response_SignedThinking_HasEncryptedContent(bool stream)
    {
        var chain = ProtocolAdapters.Select(Protocol.Responses, [Protocol.Messages])!.Value.Translation!;
        var request = Wire.Node("""{"model":"m","input":"Hi"}""");
        var response = stream
            ? chain.Stream(request).Run(Streams.Parse(Samples.ToolStream))[^1].Data()["response"]!.AsObject()
            : chain.Response(request, Wire.Node(Samples.ToolMessage));
        var reasoning = response["output"]![0]!;
        Assert.Equal("reasoning", (string?)reasoning["type"]);
        Assert.Equal("thinking:c2ln", (string?)reasoning["encrypted_content"]);
        Assert.Equal("Let me see.", (string?)reasoning["content"]![0]!["text"]);
    }

    /// <summary>Anthropic compares each block with its signature (anthropics/anthropic-sdk-python#1598).</summary>
    [Fact]
    public void Response_TwoThinkingBlocks_KeepTheirTexts()
    {
        var chain = ProtocolAdapters.Select(Protocol.Responses, [Protocol.Messages])!.Value.Translation!;
        var response = chain.Response(
            Wire.Node("""{"model":"m","input":"Hi"}"""),
            Wire.Node(
                """
                {"id":"msg_1","model":"m","role":"assistant","stop_reason":"end_turn","content":[
                  {"type":"thinking","thinking":"one","signature":"S1"},{"type":"text","text":"a"},
                  {"type":"thinking","thinking":"two","signature":"S2"},{"type":"text","text":"b"}],
                 "usage":{"input_tokens":1,"output_tokens":2}}
                """
            )
        );
        Assert.Equal(
            [("one", "thinking:S1"), ("two", "thinking:S2")],
            response["output"]!
                .AsArray()
                .Where(i => (string?)i!["type"] == "reasoning")
                .Select(i => ((string?)i!["content"]![0]!["text"], (string?)i["encrypted_content"]))
        );
    }

    private static IEnumerable<JsonObject> Pieces(JsonObject chunk, Random random)
    {
        if (
            chunk["choices"]!.AsArray().FirstOrDefault()?["delta"] is not JsonObject { Count: 1 } delta
            || chunk["choices"]![0]!["logprobs"] is not null
        )
        {
            return [chunk];
        }

        var (name, value) = delta.Single();
        return
            value is JsonValue
            && value.GetValueKind() == System.Text.Json.JsonValueKind.String
            && value.ToString() is { Length: > 0 } text
            ? text.EnumerateRunes()
                .Chunk(random.Next(1, 4))
                .Select(runes =>
                {
                    var piece = chunk.DeepClone().AsObject();
                    piece["choices"]![0]!["delta"]![name] = string.Concat(runes);
                    return piece;
                })
            : [chunk];
    }
}
