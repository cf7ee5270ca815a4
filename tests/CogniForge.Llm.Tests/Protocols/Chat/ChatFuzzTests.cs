using System.Text;
using System.Text.Json;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.OpenAI.Chat;

namespace CogniForge.Llm.Tests.Protocols.Chat;

/// <summary>Whatever a server sends, the gateway answers with facts or a <see cref="JsonException"/>, never with another exception.</summary>
public class ChatFuzzTests
{
    private readonly ChatAdapter _chat = new();

    [Fact]
    public void AnyDamage_IsSurvived()
    {
        var random = new Random(31);
        var damage = new Damage(random);
        for (var round = 0; round < 3000; round++)
        {
            var response = ChatReplayTests.Answer(random);
            var events = _chat
                .Replay(response)
                .Select(e => random.Next(3) == 0 ? e with { Data = damage.Of(e.Data) } : e)
                .ToList();
            Survive(() =>
                _chat.Read(
                    Wire.Json(Encoding.UTF8.GetString(damage.Of(Encoding.UTF8.GetBytes(response.ToJsonString()))))
                )
            );
            Survive(() => events.ForEach(e => _chat.CreateStreamReader().Read(e)));
            Survive(() => _chat.Aggregate(events).ToJsonString());
        }
    }

    [Theory]
    [InlineData("""{"choices":[{"delta":{"content":"\ud83d"}}]}""")]
    [InlineData("""{"id":"\uDe00"}""")]
    [InlineData("""{"id":"a","id":"b"}""")]
    public void Collect_BrokenTextOrDuplicateNames_Throws(string chunk) =>
        Assert.ThrowsAny<JsonException>(() => _chat.Aggregate([Wire.Event(chunk)]));

    [Fact]
    public void Read_AnEmojiInTwoChunks_IsRead() // each half alone is no valid text, but the client puts them together
    {
        var reader = _chat.CreateStreamReader();
        Assert.Equal(
            StreamEventKind.Content,
            reader.Read("""{"id":"\ud83d","choices":[{"delta":{"content":"\ud83d"}}]}""")
        );
        Assert.Null(reader.Metadata.Id);
    }

    private static void Survive(Action read)
    {
        try
        {
            read();
        }
        catch (JsonException)
        {
            // The one exception that may come.
        }
    }
}
