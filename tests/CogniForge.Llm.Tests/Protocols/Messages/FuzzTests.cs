using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Domain.Protocols;
using CogniForge.Llm.Domain.Protocols.Messages;

namespace CogniForge.Llm.Tests.Protocols.Messages;

/// <summary>Whatever comes in, it is translated or refused with a reason; and what is translated can be written.</summary>
public class FuzzTests
{
    private const int Cases = 4000;

    private readonly ChatToMessages _chatToMessages = new(TimeProvider.System);
    private readonly MessagesToChat _messagesToChat = new();
    private readonly MessagesDialect _dialect = new();

    [Fact]
    public void Request_Spoilt_IsTranslatedOrRefused()
    {
        var refused = Count<UntranslatableException>(generated =>
        {
            var chat = generated.ChatRequest();
            if (generated.Next(2) == 0)
            {
                Write(_messagesToChat.Request(generated.Spoil(_chatToMessages.Request(chat).Body)).Body);
                return;
            }

            Write(_chatToMessages.Request(generated.Spoil(chat)).Body);
        });
        Assert.InRange(refused, Cases / 10, Cases * 9 / 10);
    }

    [Fact]
    public void Answer_Spoilt_IsTranslatedOrRefused()
    {
        var refused = Count<JsonException>(generated =>
        {
            var answer = generated.MessagesAnswer();
            var chat = _chatToMessages.Answer(answer);
            Write(_messagesToChat.Answer(generated.Spoil(chat)));
            Write(_chatToMessages.Answer(generated.Spoil(answer)));
        });
        Assert.InRange(refused, Cases / 10, Cases * 9 / 10);
    }

    [Fact]
    public void Dialect_SpoiltAnswer_IsReadOrRefused()
    {
        var refused = Count<JsonException>(generated =>
        {
            var answer = generated.Spoil(generated.MessagesAnswer());
            using var document = JsonDocument.Parse(SoundOrRefused(answer));
            _dialect.Read(document.RootElement);
            Write(_dialect.Collect(_dialect.Replay(answer)));
        });
        Assert.InRange(refused, Cases / 10, Cases * 9 / 10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Stream_Spoilt_IsTranslatedOrRefused(bool bytes)
    {
        var refused = Count<JsonException>(generated =>
        {
            var events = _dialect.Replay(generated.MessagesAnswer()).ToList();
            var chat = _chatToMessages.Stream([]).Run(events);
            var reader = _dialect.ReadStream();
            Try(() => Spoilt(generated, events, bytes).ForEach(e => reader.Read(e)));
            Try(() => _dialect.Collect(Spoilt(generated, events, bytes)));
            Try(() => _chatToMessages.Stream([]).Run(Spoilt(generated, events, bytes)));
            _messagesToChat.Stream([]).Run(Spoilt(generated, chat, bytes));
        });
        Assert.InRange(refused, Cases / 10, Cases * 9 / 10);
    }

    /// <summary>One event of the stream is spoilt, as JSON or as bytes.</summary>
    private static List<SseEvent> Spoilt(Generated generated, List<SseEvent> events, bool bytes)
    {
        var at = generated.Next(events.Count);
        List<SseEvent> result = [.. events];
        result[at] = events[at] with { Data = bytes ? generated.Spoil(events[at].Data.Span) : SoundOrRefused(generated.Spoil(events[at].Data())) };
        return result;
    }

    /// <summary>The JSON, or where it cannot be written the next best thing to it.</summary>
    private static byte[] SoundOrRefused(JsonObject value)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(value);
        }
        catch (InvalidOperationException)
        {
            return "{\"\\ud800\":\"\\ud800\"}"u8.ToArray();
        }
    }

    private static void Write(JsonObject body) => JsonSerializer.SerializeToUtf8Bytes(body, WireJson.Options);

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (JsonException)
        {
        }
    }

    private static int Count<TRefusal>(Action<Generated> check) where TRefusal : Exception
    {
        var refused = 0;
        for (var seed = 0; seed < Cases; seed++)
        {
            try
            {
                check(new(seed));
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

        return refused;
    }
}
