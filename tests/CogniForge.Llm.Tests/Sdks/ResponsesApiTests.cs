using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Protocols;
using OpenAI.Responses;

#pragma warning disable OPENAI001 // The SDK marks its client for the responses API as experimental in all versions.

namespace CogniForge.Llm.Tests.Sdks;

/// <summary>
/// OpenAI's responses API through OpenAI's SDK: forwarded to OpenAI unchanged, translated for Anthropic.
/// </summary>
public class ResponsesApiTests(SdkGateway gateway) : IClassFixture<SdkGateway>
{
    private const string Native = """
        {"id":"resp_1","object":"response","created_at":1795263003,"status":"completed","model":"gpt-answered",
          "output":[{"id":"msg_1","type":"message","status":"completed","role":"assistant",
        "content":[{"type":"output_text","text":"Hello there","annotations":[],"logprobs":[]}]}],
          "parallel_tool_calls":true,"tool_choice":"auto","tools":[],"metadata":{},
        "usage":{"input_tokens":7,"input_tokens_details":{"cached_tokens":2},"output_tokens":3,
          "output_tokens_details":{"reasoning_tokens":1},"total_tokens":10}}
        """;

    [Fact]
    public async Task Create_AtOpenAI_IsForwardedUnchanged()
    {
        gateway.Provider(Api.OpenAI).Behaviour = call => call.JsonAsync(200, Native);
        var (model, options) = (gateway.Model(Api.OpenAI), new CreateResponseOptions());
        options.InputItems.Add(ResponseItem.CreateUserMessageItem("Hi"));
        options.Model = model;
        await Client().CreateResponseAsync(options); // returns resp_1 to this key
        (
            options.Model,
            options.Instructions,
            options.PreviousResponseId,
            options.StoredOutputEnabled,
            options.MaxOutputTokenCount
        ) = (model, "Be brief.", "resp_1", true, 99);
        options.Tools.Add(
            ResponseTool.CreateFunctionTool(
                "f",
                BinaryData.FromString("""{"type":"object"}"""),
                strictModeEnabled: true,
                "F"
            )
        );
        ResponseResult result = await Client().CreateResponseAsync(options);

        Assert.Equal(
            ("resp_1", "gpt-answered", "Hello there", 7, 2, 3),
            (
                result.Id,
                result.Model,
                result.GetOutputText(),
                result.Usage.InputTokenCount,
                result.Usage.InputTokenDetails.CachedTokenCount,
                result.Usage.OutputTokenCount
            )
        );
        var call = gateway.Provider(Api.OpenAI).Calls[^1];
        Assert.Equal("/v1/responses", call.Path);
        Wire.AssertEqual(
            JsonSerializer.SerializeToNode(call.Body),
            System.Text.Json.Nodes.JsonNode.Parse(ModelReaderWriter.Write(options).ToString())
        );
    }

    [Fact]
    public async Task Stream_AtOpenAI_IsForwardedUnchanged()
    {
        string[] events =
        [
            $$"""
            {"type":"response.created","sequence_number":0,
              "response":{{Native.Replace("completed", "in_progress", StringComparison.Ordinal)}}}
            """,
            """
            {"type":"response.output_item.added","sequence_number":1,"output_index":0,
              "item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}
            """,
            """
            {"type":"response.content_part.added","sequence_number":2,"item_id":"msg_1","output_index":0,
              "content_index":0,"part":{"type":"output_text","text":"","annotations":[]}}
            """,
            """
            {"type":"response.output_text.delta","sequence_number":3,"item_id":"msg_1","output_index":0,
              "content_index":0,"delta":"Hello ","logprobs":[],"obfuscation":"x"}
            """,
            """
            {"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_1","output_index":0,
              "content_index":0,"delta":"there","logprobs":[]}
            """,
            $$"""{"type":"response.completed","sequence_number":5,"response":{{Native}}}""",
        ];
        gateway.Provider(Api.OpenAI).Behaviour = async call =>
        {
            Assert.True(call.IsStream);
            foreach (var item in events)
            {
                await call.WriteAsync($"event: {Wire.Node(item)["type"]}\ndata: {item.ReplaceLineEndings(" ")}\n\n");
            }
        };
        var updates = await StreamAsync(new(gateway.Model(Api.OpenAI), [ResponseItem.CreateUserMessageItem("Hi")]));
        Assert.Equal(
            "Hello there",
            string.Concat(updates.OfType<StreamingResponseOutputTextDeltaUpdate>().Select(u => u.Delta))
        );
        Assert.Equal(Enumerable.Range(0, events.Length), updates.Select(u => u.SequenceNumber));
        Assert.Equal("resp_1", Assert.IsType<StreamingResponseCompletedUpdate>(updates[^1]).Response.Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tools_AtAnthropic_RoundTripWithResults(bool stream)
    {
        var response = new ChatResponse("Looking.", FinishReason.Calls)
        {
            Calls = [new("toolu_1", "f", """{"a":1}"""), new("toolu_2", "g", "{}")],
            Tokens = new(Input: 100, Output: 20, CacheRead: 60),
        };
        gateway.Provider(Api.Anthropic).Behaviour = call => AnthropicWire.RespondAsync(call, response);
        var model = gateway.Model(Api.Anthropic);
        var first = await SendAsync(Options(model, [ResponseItem.CreateUserMessageItem("Look")]), stream);

        Assert.Equal((ResponseStatus.Completed, model, "Looking."), (first.Status, first.Model, first.GetOutputText()));
        var calls = first.OutputItems.OfType<FunctionCallResponseItem>().ToList();
        Assert.Equal(
            [("toolu_1", "f", """{"a":1}"""), ("toolu_2", "g", "{}")],
            calls.Select(c => (c.CallId, c.FunctionName, c.FunctionArguments.ToString()))
        );
        Assert.Equal(
            (100, 60, 20),
            (first.Usage.InputTokenCount, first.Usage.InputTokenDetails.CachedTokenCount, first.Usage.OutputTokenCount)
        );

        // The response repeats the tools of the request.
        Assert.Equal(["f", "g"], first.Tools.OfType<FunctionTool>().Select(t => t.FunctionName));

        gateway.Provider(Api.Anthropic).Behaviour = call => AnthropicWire.RespondAsync(call, new("Done."));
        List<ResponseItem> next =
        [
            ResponseItem.CreateUserMessageItem("Look"),
            .. first.OutputItems,
            ResponseItem.CreateFunctionCallOutputItem("toolu_1", "one"),
            ResponseItem.CreateFunctionCallOutputItem("toolu_2", "two"),
        ];
        Assert.Equal("Done.", (await SendAsync(Options(model, next), stream)).GetOutputText());
        var sent = AnthropicWire.Read(gateway.Provider(Api.Anthropic).Calls[^1].Body);
        Assert.Equal(("Be brief.", 99, "any"), (sent.System, sent.MaxTokens, sent.Choice));
        Assert.Equal(
            [("user", "Look"), ("assistant", "Looking."), ("user", null)],
            sent.Turns.Select(t => (t.Role, t.Text))
        );
        Assert.Equal(response.Calls, sent.Turns[1].Calls);
        Assert.Equal([new("toolu_1", "one"), new("toolu_2", "two")], sent.Turns[2].Results);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StructuredOutput_AtAnthropic_SendsSchema(bool stream)
    {
        const string Schema =
            """{"type":"object","properties":{"a":{"type":"integer"}},"additionalProperties":false}""";
        gateway.Provider(Api.Anthropic).Behaviour = call =>
            AnthropicWire.RespondAsync(call, new("""{"a":1}""", FinishReason.Length));
        var options = new CreateResponseOptions(
            gateway.Model(Api.Anthropic),
            [ResponseItem.CreateUserMessageItem("Hi")]
        )
        {
            TextOptions = new()
            {
                TextFormat = ResponseTextFormat.CreateJsonSchemaFormat(
                    "answer",
                    BinaryData.FromString(Schema),
                    null,
                    true
                ),
            },
        };
        var result = await SendAsync(options, stream);
        Assert.Equal(
            (ResponseStatus.Incomplete, ResponseIncompleteStatusReason.MaxOutputTokens, """{"a":1}"""),
            (result.Status, result.IncompleteStatusDetails.Reason, result.GetOutputText())
        );
        Wire.AssertEqual(Schema, Wire.Node(AnthropicWire.Read(gateway.Provider(Api.Anthropic).Calls[^1].Body).Schema!));
    }

    [Fact]
    public async Task PreviousResponseId_AtAnthropic_ReturnsBadRequest()
    {
        var options = Options(gateway.Model(Api.Anthropic), [ResponseItem.CreateUserMessageItem("Hi")]);
        options.PreviousResponseId = "resp_1";
        var error = await Assert.ThrowsAsync<ClientResultException>(() => Client().CreateResponseAsync(options));
        Assert.Equal(400, error.Status);
        Assert.Contains("previous_response_id", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Api.OpenAI)]
    [InlineData(Api.Anthropic)]
    public async Task Stream_Truncated_EndsWithError(Api provider)
    {
        gateway.Provider(provider).Behaviour = async call =>
        {
            if (provider == Api.Anthropic)
            {
                await SdkGateway.BeginAsync(provider, call, "Half an");
                return;
            }

            await call.WriteAsync(
                "event: response.output_text.delta\ndata: "
                    + """{"type":"response.output_text.delta","sequence_number":1,"item_id":"m","output_index":0,"""
                    + "\"content_index\":0,\"delta\":\"Half an\",\"logprobs\":[]}\n\n"
            );
        };
        var updates = await StreamAsync(new(gateway.Model(provider), [ResponseItem.CreateUserMessageItem("Hi")]));
        Assert.Equal(
            "Half an",
            string.Concat(updates.OfType<StreamingResponseOutputTextDeltaUpdate>().Select(u => u.Delta))
        );
        Assert.Contains(
            "ended before the response was complete",
            Assert.IsType<StreamingResponseErrorUpdate>(updates[^1]).Message,
            StringComparison.Ordinal
        );
    }

    private static CreateResponseOptions Options(string model, IEnumerable<ResponseItem> input)
    {
        var options = new CreateResponseOptions(model, input)
        {
            Instructions = "Be brief.",
            MaxOutputTokenCount = 99,
            ToolChoice = ResponseToolChoice.CreateRequiredChoice(),
            StoredOutputEnabled = false,
        };
        foreach (var name in new[] { "f", "g" })
        {
            options.Tools.Add(
                ResponseTool.CreateFunctionTool(
                    name,
                    BinaryData.FromString("""{"type":"object"}"""),
                    strictModeEnabled: false,
                    name
                )
            );
        }

        return options;
    }

    private async Task<ResponseResult> SendAsync(CreateResponseOptions options, bool stream)
    {
        if (!stream)
        {
            return await Client().CreateResponseAsync(options);
        }

        return (await StreamAsync(options))[^1] switch
        {
            StreamingResponseCompletedUpdate completed => completed.Response,
            StreamingResponseIncompleteUpdate incomplete => incomplete.Response,
            var other => throw new InvalidOperationException($"The stream ended with {other}."),
        };
    }

    private async Task<List<StreamingResponseUpdate>> StreamAsync(CreateResponseOptions options)
    {
        options.StreamingEnabled = true;
        var updates = new List<StreamingResponseUpdate>();
        await foreach (var update in await Client().CreateResponseStreamingAsync(options))
        {
            updates.Add(update);
        }

        return updates;
    }

    private ResponsesClient Client() =>
        new(
            new ApiKeyCredential("cf_dev"),
            new ResponsesClientOptions
            {
                Endpoint = new(gateway.Address, "/v1"),
                RetryPolicy = new ClientRetryPolicy(0),
            }
        );
}
