using System.Text;
using System.Text.Json;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.OpenAI.Chat;

namespace CogniForge.Llm.Tests.Protocols.Chat;

/// <summary>
/// For any provider input, reading succeeds or throws a <see cref="JsonException"/>, never another exception.
/// </summary>
public class ChatFuzzTests
{
    private readonly ChatAdapter _chat = new();

    [Fact]
    public void Read_CorruptInput_ThrowsOnlyJsonException()
    {
        var random = new Random(31);
        var corruptor = new JsonCorruptor(random);
        for (var round = 0; round < 3000; round++)
        {
            var response = ChatReplayTests.CreateResponse(random);
            var events = _chat
                .Replay(response)
                .Select(e => random.Next(3) == 0 ? e with { Data = corruptor.Corrupt(e.Data) } : e)
                .ToList();
            AssertReadOrRejected(() =>
                _chat.Read(
                    Wire.Json(
                        Encoding.UTF8.GetString(corruptor.Corrupt(Encoding.UTF8.GetBytes(response.ToJsonString())))
                    )
                )
            );
            AssertReadOrRejected(() => events.ForEach(e => _chat.CreateStreamReader().Read(e)));
            AssertReadOrRejected(() => _chat.Aggregate(events).ToJsonString());
        }
    }

    [Theory]
    [InlineData("""{"choices":[{"delta":{"content":"\ud83d"}}]}""")]
    [InlineData("""{"id":"\uDe00"}""")]
    [InlineData("""{"id":"a","id":"b"}""")]
    public void Aggregate_InvalidUnicodeOrDuplicateNames_Throws(string chunk) =>
        Assert.ThrowsAny<JsonException>(() => _chat.Aggregate([Wire.Event(chunk)]));

    [Fact]
    public void Read_EmojiSplitAcrossChunks_IsContent() // each half is invalid Unicode, but the client joins them
    {
        var reader = _chat.CreateStreamReader();
        Assert.Equal(
            StreamEventKind.Content,
            reader.Read("""{"id":"\ud83d","choices":[{"delta":{"content":"\ud83d"}}]}""")
        );
        Assert.Null(reader.Metadata.Id);
    }

    private static void AssertReadOrRejected(Action read)
    {
        try
        {
            read();
        }
        catch (JsonException)
        {
            // The only allowed exception.
        }
    }
}
