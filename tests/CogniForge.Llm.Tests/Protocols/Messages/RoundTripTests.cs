using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;
using CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

namespace CogniForge.Llm.Tests.Protocols.Messages;

public class RoundTripTests
{
    private const int Cases = 500;

    private readonly OpenAIToAnthropicTranslator _chatToMessages = new(TimeProvider.System);
    private readonly AnthropicToOpenAITranslator _messagesToChat = new();
    private readonly MessagesAdapter _adapter = new();

    [Fact]
    public void Request_ToMessagesAndBack_KeepsMeaning() =>
        ForAll(seed =>
        {
            var chat = new Generated(seed).ChatRequest();
            var messages = _chatToMessages.Request(chat);
            Assert.Empty(messages.Dropped);
            AssertTurns(messages.Body);
            var back = _messagesToChat.Request(messages.Body);
            Assert.Empty(back.Dropped);
            Wire.AssertEqual(Normalize(chat), Normalize(back.Body));
        });

    [Fact]
    public void Response_ToChatAndBack_IsUnchanged() =>
        ForAll(seed =>
        {
            var response = new Generated(seed).MessagesResponse();
            Wire.AssertEqual(
                response.DeepClone(),
                _messagesToChat.Response([], _chatToMessages.Response([], response))
            );
        });

    [Fact]
    public void Stream_ToChatAndBack_IsUnchanged() =>
        ForAll(seed =>
        {
            var generated = new Generated(seed);
            var response = generated.MessagesResponse();
            var chat = _chatToMessages
                .Stream(Wire.Node("""{"stream_options":{"include_usage":true}}"""))
                .Run(generated.Split(_adapter.Replay(response)));
            Assert.Single(
                chat.Select(c =>
                        (c.Data()["id"]!.ToString(), c.Data()["model"]!.ToString(), c.Data()["created"]!.ToString())
                    )
                    .Distinct()
            );
            var back = _messagesToChat.Stream([]).Run(chat);
            AssertBlocks(back);
            Wire.AssertEqual(response, _adapter.Aggregate(back));
        });

    [Fact]
    public void Aggregate_ReplayedMessage_ReturnsSameMessage() =>
        ForAll(seed =>
        {
            var generated = new Generated(seed);
            var response = generated.MessagesResponse();
            Wire.AssertEqual(response.DeepClone(), _adapter.Aggregate(generated.Split(_adapter.Replay(response))));
        });

    [Fact]
    public void Read_ReplayedMessage_ReturnsSameMetadata() =>
        ForAll(seed =>
        {
            var response = new Generated(seed).MessagesResponse();
            var reader = _adapter.CreateStreamReader();
            Assert.DoesNotContain(StreamEventKind.Error, _adapter.Replay(response).Select(reader.Read));
            Assert.True(reader.IsComplete);
            Assert.Equal(_adapter.Read(Wire.Json(response.ToJsonString())), reader.Metadata);
        });

    /// <summary>Asserts Anthropic's rules for a conversation: alternating turns, with tool results first.</summary>
    private static void AssertTurns(JsonObject request)
    {
        string? last = null;
        foreach (var message in request["messages"]!.AsArray())
        {
            var role = (string)message!["role"]!;
            Assert.NotEqual(last, role);
            last = role;
            var isResult = message["content"]!.AsArray().Select(b => (string?)b!["type"] == "tool_result").ToList();
            Assert.NotEmpty(isResult);
            Assert.Equal(isResult.OrderByDescending(r => r), isResult);
        }
    }

    /// <summary>Asserts what Anthropic's clients expect of a stream: one block at a time, none of them empty.</summary>
    private static void AssertBlocks(IEnumerable<SseEvent> events)
    {
        int? open = null;
        var next = 0;
        var type = "";
        var isEmpty = true;
        foreach (var data in events.Select(e => e.Data()))
        {
            switch ((string?)data["type"])
            {
                case "content_block_start":
                    Assert.Null(open);
                    open = (int)data["index"]!;
                    Assert.Equal(next++, open);
                    (type, isEmpty) = ((string)data["content_block"]!["type"]!, true);
                    break;
                case "content_block_delta":
                    Assert.Equal(open, (int?)data["index"]);
                    isEmpty = false;
                    break;
                case "content_block_stop":
                    Assert.Equal(open, (int?)data["index"]);
                    Assert.True(!isEmpty || type == "tool_use");
                    open = null;
                    break;
            }
        }

        Assert.Null(open);
    }

    /// <summary>
    /// Normalizes a chat request, so that equivalent ones are equal: first instructions apart, one entry per turn, tool
    /// results before the user's text.
    /// </summary>
    private static JsonObject Normalize(JsonObject request)
    {
        var normalized = (JsonObject)request.DeepClone();
        normalized.Remove("messages");
        normalized.Remove("stream_options");
        var system = new JsonArray();
        var turns = new List<(string Role, JsonArray Results, JsonArray Content, JsonArray Calls)>();
        foreach (var message in request["messages"]!.AsArray())
        {
            var role = (string)message!["role"]!;
            if (role is "system" or "developer" && turns.Count == 0)
            {
                AddContent(system, message["content"], "\n\n");
                continue;
            }

            var side = role == "assistant" ? role : "user";
            if (turns.Count == 0 || turns[^1].Role != side)
            {
                turns.Add((side, [], [], []));
            }

            if (role == "tool")
            {
                var content = new JsonArray();
                AddContent(content, message["content"], "\n\n");
                turns[^1].Results.Add(new JsonArray(message["tool_call_id"]!.DeepClone(), content));
                continue;
            }

            AddContent(turns[^1].Content, message["content"], role == "assistant" ? "" : "\n\n");
            foreach (var call in message["tool_calls"]?.AsArray() ?? [])
            {
                turns[^1]
                    .Calls.Add(
                        new JsonArray(
                            call!["id"]!.DeepClone(),
                            call["function"]!["name"]!.DeepClone(),
                            JsonNode.Parse((string)call["function"]!["arguments"]!)
                        )
                    );
            }
        }

        normalized["system"] = system;
        normalized["turns"] = new JsonArray([
            .. turns.Select(t => new JsonArray(t.Role, t.Results, t.Content, t.Calls)),
        ]);
        return normalized;
    }

    private static void AddContent(JsonArray all, JsonNode? content, string separator)
    {
        if (content is JsonValue)
        {
            content = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = content.DeepClone() });
        }

        foreach (var part in content?.AsArray() ?? [])
        {
            if ((string?)part!["type"] == "text" && all.Count > 0 && (string?)all[^1]!["type"] == "text")
            {
                all[^1]!["text"] = (string?)all[^1]!["text"] + separator + (string?)part["text"];
            }
            else
            {
                all.Add(part.DeepClone());
            }
        }
    }

    private static void ForAll(Action<int> check)
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            try
            {
                check(seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}", e);
            }
        }
    }
}
