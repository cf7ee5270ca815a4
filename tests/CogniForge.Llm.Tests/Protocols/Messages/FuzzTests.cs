using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;
using CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

namespace CogniForge.Llm.Tests.Protocols.Messages;

/// <summary>Whatever comes in, it is translated or refused with a reason; and what is translated can be written.</summary>
public class FuzzTests
{
    private const int Cases = 2000;

    private readonly OpenAIToAnthropicTranslator _chatToMessages = new(TimeProvider.System);
    private readonly AnthropicToOpenAITranslator _messagesToChat = new();
    private readonly MessagesAdapter _adapter = new();

    [Fact]
    public void ChatRequest_Damaged_IsTranslatedOrRefused() =>
        AssertSome<UnsupportedByProviderException>(
            (generated, damage) => Write(_chatToMessages.Request(Damaged(damage, generated.ChatRequest())).Body)
        );

    [Fact]
    public void MessagesRequest_Damaged_IsTranslatedOrRefused() =>
        AssertSome<UnsupportedByProviderException>(
            (generated, damage) =>
                Write(
                    _messagesToChat.Request(Damaged(damage, _chatToMessages.Request(generated.ChatRequest()).Body)).Body
                )
        );

    [Fact]
    public void ChatAnswer_Damaged_IsTranslatedOrRefused() =>
        AssertSome<JsonException>(
            (generated, damage) =>
                Write(
                    _messagesToChat.Answer([], Damaged(damage, _chatToMessages.Answer([], generated.MessagesAnswer())))
                )
        );

    [Fact]
    public void MessagesAnswer_Damaged_IsTranslatedOrRefused() =>
        AssertSome<JsonException>(
            (generated, damage) => Write(_chatToMessages.Answer([], Damaged(damage, generated.MessagesAnswer())))
        );

    [Fact]
    public void MessagesAnswer_Damaged_IsReplayedOrRefused() =>
        AssertSome<JsonException>(
            (generated, damage) =>
            {
                var response = Damaged(damage, generated.MessagesAnswer());
                Write(_adapter.Aggregate(_adapter.Replay(response)));
            }
        );

    [Fact]
    public void MessagesAnswer_Damaged_IsReadOrRefused() =>
        AssertSome<JsonException>(
            (generated, damage) =>
            {
                using var document = JsonDocument.Parse(
                    damage.Of(JsonSerializer.SerializeToUtf8Bytes(generated.MessagesAnswer()))
                );
                _adapter.Read(document.RootElement);
            }
        );

    [Fact]
    public void MessagesStream_Damaged_IsReadOrRefused() =>
        AssertSome<JsonException>(
            (generated, damage) =>
            {
                var reader = _adapter.CreateStreamReader();
                Damaged(damage, _adapter.Replay(generated.MessagesAnswer())).ForEach(e => reader.Read(e));
            }
        );

    [Fact]
    public void MessagesStream_Damaged_IsCollectedOrRefused() =>
        AssertSome<JsonException>(
            (generated, damage) =>
                Write(_adapter.Aggregate(Damaged(damage, _adapter.Replay(generated.MessagesAnswer()))))
        );

    [Fact]
    public void MessagesStream_Damaged_IsTranslatedOrRefused() =>
        AssertSome<JsonException>(
            (generated, damage) =>
                _chatToMessages.Stream([]).Run(Damaged(damage, _adapter.Replay(generated.MessagesAnswer())))
        );

    [Fact]
    public void ChatStream_Damaged_IsTranslatedOrRefused() =>
        AssertSome<JsonException>(
            (generated, damage) =>
                _messagesToChat
                    .Stream([])
                    .Run(Damaged(damage, _chatToMessages.Stream([]).Run(_adapter.Replay(generated.MessagesAnswer()))))
        );

    private static JsonObject Damaged(Damage damage, JsonObject body)
    {
        damage.Replace(body);
        damage.Replace(body);
        return body;
    }

    private static List<SseEvent> Damaged(Damage damage, IEnumerable<SseEvent> events) =>
        [.. events.Select((e, i) => i % 4 == 1 ? e with { Data = damage.Of(e.Data) } : e)];

    private static void Write(JsonObject body) => JsonSerializer.SerializeToUtf8Bytes(body, WireJson.Options);

    /// <summary>Some are refused, some are not, and nothing else happens.</summary>
    private static void AssertSome<TRefusal>(Action<Generated, Damage> check)
        where TRefusal : Exception
    {
        var refused = 0;
        for (var seed = 0; seed < Cases; seed++)
        {
            try
            {
                check(new(seed), new(new(seed)));
            }
            catch (TRefusal)
            {
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}", e);
            }
        }

        Assert.InRange(refused, Cases / 100, Cases * 99 / 100);
    }
}
