using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;
using CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

namespace CogniForge.Llm.Tests.Protocols.Messages;

/// <summary>Corrupt input is translated or rejected with a reason, and every translation can be serialized.</summary>
public class FuzzTests
{
    private const int Cases = 2000;

    private readonly OpenAIToAnthropicTranslator _chatToMessages = new(TimeProvider.System);
    private readonly AnthropicToOpenAITranslator _messagesToChat = new();
    private readonly MessagesAdapter _adapter = new();

    [Fact]
    public void ChatRequest_Corrupt_IsTranslatedOrRejected() =>
        AssertSomeRejected<UnsupportedByProviderException>(
            (generated, corruptor) => Write(_chatToMessages.Request(Corrupted(corruptor, generated.ChatRequest())).Body)
        );

    [Fact]
    public void MessagesRequest_Corrupt_IsTranslatedOrRejected() =>
        AssertSomeRejected<UnsupportedByProviderException>(
            (generated, corruptor) =>
                Write(
                    _messagesToChat
                        .Request(Corrupted(corruptor, _chatToMessages.Request(generated.ChatRequest()).Body))
                        .Body
                )
        );

    [Fact]
    public void ChatResponse_Corrupt_IsTranslatedOrRejected() =>
        AssertSomeRejected<JsonException>(
            (generated, corruptor) =>
                Write(
                    _messagesToChat.Response(
                        [],
                        Corrupted(corruptor, _chatToMessages.Response([], generated.MessagesResponse()))
                    )
                )
        );

    [Fact]
    public void MessagesResponse_Corrupt_IsTranslatedOrRejected() =>
        AssertSomeRejected<JsonException>(
            (generated, corruptor) =>
                Write(_chatToMessages.Response([], Corrupted(corruptor, generated.MessagesResponse())))
        );

    [Fact]
    public void MessagesResponse_Corrupt_IsReplayedOrRejected() =>
        AssertSomeRejected<JsonException>(
            (generated, corruptor) =>
            {
                var response = Corrupted(corruptor, generated.MessagesResponse());
                Write(_adapter.Aggregate(_adapter.Replay(response)));
            }
        );

    [Fact]
    public void MessagesResponse_Corrupt_IsReadOrRejected() =>
        AssertSomeRejected<JsonException>(
            (generated, corruptor) =>
            {
                using var document = JsonDocument.Parse(
                    corruptor.Corrupt(JsonSerializer.SerializeToUtf8Bytes(generated.MessagesResponse()))
                );
                _adapter.Read(document.RootElement);
            }
        );

    [Fact]
    public void MessagesStream_Corrupt_IsReadOrRejected() =>
        AssertSomeRejected<JsonException>(
            (generated, corruptor) =>
            {
                var reader = _adapter.CreateStreamReader();
                Corrupted(corruptor, _adapter.Replay(generated.MessagesResponse())).ForEach(e => reader.Read(e));
            }
        );

    [Fact]
    public void MessagesStream_Corrupt_IsAggregatedOrRejected() =>
        AssertSomeRejected<JsonException>(
            (generated, corruptor) =>
                Write(_adapter.Aggregate(Corrupted(corruptor, _adapter.Replay(generated.MessagesResponse()))))
        );

    [Fact]
    public void MessagesStream_Corrupt_IsTranslatedOrRejected() =>
        AssertSomeRejected<JsonException>(
            (generated, corruptor) =>
                _chatToMessages.Stream([]).Run(Corrupted(corruptor, _adapter.Replay(generated.MessagesResponse())))
        );

    [Fact]
    public void ChatStream_Corrupt_IsTranslatedOrRejected() =>
        AssertSomeRejected<JsonException>(
            (generated, corruptor) =>
                _messagesToChat
                    .Stream([])
                    .Run(
                        Corrupted(
                            corruptor,
                            _chatToMessages.Stream([]).Run(_adapter.Replay(generated.MessagesResponse()))
                        )
                    )
        );

    private static JsonObject Corrupted(JsonCorruptor corruptor, JsonObject body)
    {
        corruptor.Replace(body);
        corruptor.Replace(body);
        return body;
    }

    private static List<SseEvent> Corrupted(JsonCorruptor corruptor, IEnumerable<SseEvent> events) =>
        [.. events.Select((e, i) => i % 4 == 1 ? e with { Data = corruptor.Corrupt(e.Data) } : e)];

    private static void Write(JsonObject body) => JsonSerializer.SerializeToUtf8Bytes(body, WireJson.Options);

    /// <summary>Asserts that some inputs are rejected, some are not, and no other exception is thrown.</summary>
    private static void AssertSomeRejected<TRejection>(Action<Generated, JsonCorruptor> check)
        where TRejection : Exception
    {
        var rejected = 0;
        for (var seed = 0; seed < Cases; seed++)
        {
            try
            {
                check(new(seed), new(new(seed)));
            }
            catch (TRejection)
            {
                rejected++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}", e);
            }
        }

        Assert.InRange(rejected, Cases / 100, Cases * 99 / 100);
    }
}
