using System.ClientModel;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Resilience;
using OpenAI;
using OpenAI.Chat;

namespace CogniForge.Llm.Tests.Protocols.Chat;

/// <summary>OpenAI's own .NET SDK reads aggregated and replayed responses.</summary>
public class ChatSdkTests
{
    private const string Completion = """
        {"id":"chatcmpl-7","object":"chat.completion","created":1700000000,"model":"m",
          "choices":[{"index":0,"logprobs":null,"finish_reason":"tool_calls",
          "message":{"role":"assistant","content":"Hi","refusal":null,
            "tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},
            {"id":"call_2","type":"function","function":{"name":"g","arguments":"{}"}}]}}],
         "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}
        """;

    private readonly ChatAdapter _chat = new();

    [Fact]
    public async Task Aggregate_Stream_IsReadableBySdk()
    {
        ChatCompletion completion = await Client(CannedHttp.Json(_chat.Aggregate(_chat.Replay(Wire.Node(Completion)))))
            .CompleteChatAsync("Hi");
        Assert.Equal(
            ("chatcmpl-7", "Hi", ChatFinishReason.ToolCalls, 15),
            (completion.Id, completion.Content[0].Text, completion.FinishReason, completion.Usage.TotalTokenCount)
        );
        Assert.Equal(
            [("call_1", "f", "{\"a\":1}"), ("call_2", "g", "{}")],
            completion.ToolCalls.Select(c => (c.Id, c.FunctionName, c.FunctionArguments.ToString()))
        );
    }

    [Fact]
    public async Task Replay_Completion_IsReadableBySdk()
    {
        var updates = new List<StreamingChatCompletionUpdate>();
        await foreach (
            var update in Client(CannedHttp.Stream([.. _chat.Replay(Wire.Node(Completion)), .. _chat.StreamEnd]))
                .CompleteChatStreamingAsync("Hi")
        )
        {
            updates.Add(update);
        }

        Assert.Equal("Hi", string.Concat(updates.SelectMany(u => u.ContentUpdate).Select(p => p.Text)));
        Assert.Equal(
            [(0, "call_1", "f", "{\"a\":1}"), (1, "call_2", "g", "{}")],
            updates
                .SelectMany(u => u.ToolCallUpdates)
                .Select(c => (c.Index, c.ToolCallId, c.FunctionName, c.FunctionArgumentsUpdate.ToString()))
        );
        Assert.Equal(ChatFinishReason.ToolCalls, Assert.Single(updates, u => u.FinishReason is not null).FinishReason);
        Assert.Equal(15, updates[^1].Usage.TotalTokenCount);
    }

    [Fact]
    public async Task StreamError_Sdk_SeesNoFinishReason()
    {
        var http = CannedHttp.Stream([_chat.StreamError(new(503, ErrorCategory.Overloaded, "Unavailable"), 0)]);
        var updates = new List<StreamingChatCompletionUpdate>();
        await foreach (var update in Client(http).CompleteChatStreamingAsync("Hi"))
        {
            updates.Add(update);
        }

        // Unlike those for Python and JavaScript, this SDK throws no exception, but it must not see a finish reason.
        Assert.DoesNotContain(updates, u => u.FinishReason is not null);
    }

    private static ChatClient Client(CannedHttp http) =>
        new("m", new ApiKeyCredential("cf_test"), http.Use(new OpenAIClientOptions()));
}
