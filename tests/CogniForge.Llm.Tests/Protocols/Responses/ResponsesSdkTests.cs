using System.ClientModel;
using System.Net;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.OpenAI.Responses;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Protocols.Translation.ResponsesToChat;
using CogniForge.Llm.Resilience;
using OpenAI.Responses;

#pragma warning disable OPENAI001 // The SDK marks its client for the responses API as experimental in all versions.

namespace CogniForge.Llm.Tests.Protocols.Responses;

/// <summary>Requests of OpenAI's own .NET SDK are translated, and it reads the translated responses.</summary>
public class ResponsesSdkTests
{
    private const string Completion = """
        {"id":"chatcmpl-7","object":"chat.completion","created":1700000000,"model":"m",
          "choices":[{"index":0,"finish_reason":"tool_calls",
          "message":{"role":"assistant","content":"Hi","reasoning_content":"Hm",
            "tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},
            {"id":"call_2","type":"function","function":{"name":"g","arguments":"{}"}}]}}],
         "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,
           "prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":2}}}
        """;

    private readonly ResponsesToChatTranslator _translation = new();
    private readonly ResponsesAdapter _responses = new();

    [Fact]
    public async Task Request_FromSdk_IsTranslated()
    {
        var http = CannedHttp.Json(_translation.Response([], Wire.Node(Completion)));
        var call = ResponseItem.CreateFunctionCallItem("call_1", "f", BinaryData.FromString("{}"));
        var options = new CreateResponseOptions(
            "m",
            [
                ResponseItem.CreateDeveloperMessageItem("Dev"),
                ResponseItem.CreateUserMessageItem([
                    ResponseContentPart.CreateInputTextPart("See"),
                    ResponseContentPart.CreateInputImagePart(
                        new Uri("https://a.example/b.png"),
                        ResponseImageDetailLevel.High
                    ),
                ]),
                ResponseItem.CreateAssistantMessageItem("Calling", []),
                call,
                ResponseItem.CreateFunctionCallOutputItem("call_1", "one"),
            ]
        )
        {
            Instructions = "Be brief",
            MaxOutputTokenCount = 50,
            StoredOutputEnabled = false,
            ToolChoice = ResponseToolChoice.CreateFunctionChoice("f"),
            TextOptions = new()
            {
                TextFormat = ResponseTextFormat.CreateJsonSchemaFormat(
                    "s",
                    BinaryData.FromString("""{"type":"object"}"""),
                    null,
                    true
                ),
            },
            ReasoningOptions = new() { ReasoningEffortLevel = ResponseReasoningEffortLevel.Low },
        };
        options.Tools.Add(
            ResponseTool.CreateFunctionTool("f", BinaryData.FromString("""{"type":"object"}"""), true, "F")
        );
        await Client(http).CreateResponseAsync(options);

        var (body, dropped) = _translation.Request(http.Sent!);
        Wire.AssertEqual(
            """
            {"model":"m","max_completion_tokens":50,"reasoning_effort":"low",
             "messages":[{"role":"system","content":"Be brief"},{"role":"developer","content":"Dev"},
               {"role":"user","content":[{"type":"text","text":"See"},
                 {"type":"image_url","image_url":{"url":"https://a.example/b.png","detail":"high"}}]},
               {"role":"assistant","content":"Calling","tool_calls":[{"id":"call_1","type":"function",
                 "function":{"name":"f","arguments":"{}"}}]},
               {"role":"tool","tool_call_id":"call_1","content":"one"}],
             "tools":[{"type":"function","function":{"name":"f","description":"F",
               "parameters":{"type":"object","properties":{}},"strict":true}}],
             "tool_choice":{"type":"function","function":{"name":"f"}},
             "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"},
               "strict":true}}}
            """,
            body
        );
        Assert.Empty(dropped);
    }

    [Fact]
    public async Task Response_Translated_IsReadableBySdk()
    {
        ResponseResult result = await Client(CannedHttp.Json(_translation.Response([], Wire.Node(Completion))))
            .CreateResponseAsync("m", "Hi");
        Assert.Equal(
            ("resp_7", "m", ResponseStatus.Completed, "Hi"),
            (result.Id, result.Model, result.Status, result.GetOutputText())
        );
        AssertOutput(result);
    }

    [Fact]
    public async Task Response_TruncatedByLimit_IsIncompleteInSdk()
    {
        var truncated = Wire.Node(
            """{"id":"1","model":"m","choices":[{"index":0,"message":{"content":"H"},"finish_reason":"length"}]}"""
        );
        ResponseResult result = await Client(CannedHttp.Json(_translation.Response([], truncated)))
            .CreateResponseAsync("m", "Hi");
        Assert.Equal(
            (ResponseStatus.Incomplete, ResponseIncompleteStatusReason.MaxOutputTokens),
            (result.Status, result.IncompleteStatusDetails.Reason)
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_Translated_IsReadableBySdk(bool replayed)
    {
        var stream = _translation.Stream(
            Wire.Node(
                """
                {"instructions":"Be brief","tools":[{"type":"function","name":"f","parameters":{},"strict":null}],
                  "tool_choice":"required","text":{"format":{"type":"json_object"}},"reasoning":{"effort":"low"}}
                """
            )
        );
        List<SseEvent> events =
        [
            .. new CogniForge.Llm.Protocols.OpenAI.Chat.ChatAdapter()
                .Replay(Wire.Node(Completion))
                .SelectMany(stream.Translate),
            .. stream.Complete(),
        ];
        var updates = await ReadAsync(
            CannedHttp.Stream(replayed ? _responses.Replay(_responses.Aggregate(events)) : events)
        );

        Assert.Equal(
            "Hi",
            string.Concat(updates.OfType<StreamingResponseOutputTextDeltaUpdate>().Select(u => u.Delta))
        );
        Assert.Equal(
            ["{\"a\":1}", "{}"],
            updates
                .OfType<StreamingResponseFunctionCallArgumentsDoneUpdate>()
                .Select(u => u.FunctionArguments.ToString())
        );
        Assert.Equal([0, 1, 2, 3], updates.OfType<StreamingResponseOutputItemDoneUpdate>().Select(u => u.OutputIndex));
        Assert.Equal(Enumerable.Range(0, updates.Count), updates.Select(u => u.SequenceNumber));
        Assert.IsType<StreamingResponseCreatedUpdate>(updates[0]);
        Assert.IsType<StreamingResponseInProgressUpdate>(updates[1]);
        AssertOutput(Assert.IsType<StreamingResponseCompletedUpdate>(updates[^1]).Response);
    }

    [Fact]
    public async Task StreamError_Any_IsReadableBySdk()
    {
        var updates = await ReadAsync(
            CannedHttp.Stream([_responses.StreamError(new(503, ErrorCategory.Overloaded, "Unavailable"), 0)])
        );
        var error = Assert.IsType<StreamingResponseErrorUpdate>(Assert.Single(updates));
        Assert.Equal(("Unavailable", "service_unavailable"), (error.Message, error.Code));
    }

    [Fact]
    public async Task Error_Any_ThrowsSdkException()
    {
        var http = CannedHttp.Json(
            _responses.Error(new(402, ErrorCategory.BudgetExceeded, "Budget exhausted")),
            HttpStatusCode.PaymentRequired
        );
        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            Client(http).CreateResponseAsync("m", "Hi")
        );
        Assert.Equal(402, error.Status);
        Assert.Contains("insufficient_quota: budget_exceeded", error.Message, StringComparison.Ordinal);
        Assert.Contains("Budget exhausted", error.Message, StringComparison.Ordinal);
    }

    private static void AssertOutput(ResponseResult result)
    {
        Assert.Equal(["rs_7_0", "msg_7_1", "fc_7_2", "fc_7_3"], result.OutputItems.Select(i => i.Id));
        Assert.IsType<ReasoningResponseItem>(result.OutputItems[0]);
        Assert.Equal(
            "Hi",
            Assert.IsType<MessageResponseItem>(result.OutputItems[1], exactMatch: false).Content[0].Text
        );
        Assert.Equal(
            [("call_1", "f", "{\"a\":1}"), ("call_2", "g", "{}")],
            result
                .OutputItems.OfType<FunctionCallResponseItem>()
                .Select(c => (c.CallId, c.FunctionName, c.FunctionArguments.ToString()))
        );
        Assert.Equal(
            (10, 4, 5, 2, 15),
            (
                result.Usage.InputTokenCount,
                result.Usage.InputTokenDetails.CachedTokenCount,
                result.Usage.OutputTokenCount,
                result.Usage.OutputTokenDetails.ReasoningTokenCount,
                result.Usage.TotalTokenCount
            )
        );
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), result.CreatedAt);
    }

    private static async Task<List<StreamingResponseUpdate>> ReadAsync(CannedHttp http)
    {
        var updates = new List<StreamingResponseUpdate>();
        await foreach (var update in await Client(http).CreateResponseStreamingAsync("m", "Hi"))
        {
            updates.Add(update);
        }

        return updates;
    }

    private static ResponsesClient Client(CannedHttp http) =>
        new(new ApiKeyCredential("cf_test"), http.Use(new ResponsesClientOptions()));
}
