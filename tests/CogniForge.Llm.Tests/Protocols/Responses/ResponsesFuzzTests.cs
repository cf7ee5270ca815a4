using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Protocols.OpenAI.Responses;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Protocols.Translation.ResponsesToChat;
using CogniForge.Llm.Tests.Protocols.Chat;

namespace CogniForge.Llm.Tests.Protocols.Responses;

/// <summary>Whatever a client or a server sends, only the exceptions that the contract names may come.</summary>
public class ResponsesFuzzTests
{
    private readonly ResponsesToChatTranslator _translation = new();
    private readonly ResponsesAdapter _responses = new();

    [Fact]
    public void Request_Damaged_IsTranslatedOrRefusedByPath()
    {
        var damage = new Damage(new Random(51));
        var refused = 0;
        for (var round = 0; round < 5000; round++)
        {
            if (Parse(damage.Of(Encoding.UTF8.GetBytes(ResponsesRequestTests.Full))) is not { } body)
            {
                continue;
            }

            try
            {
                _translation.Request(body).Body.ToJsonString();
                Assert.NotEmpty(_translation.Stream(body).Complete());
            }
            catch (UnsupportedByProviderException e)
            {
                Assert.NotEmpty(e.Path!);
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 4500);
    }

    [Fact]
    public void Answer_Damaged_IsTranslatedAsFarAsItGoes()
    {
        var random = new Random(52);
        var damage = new Damage(random);
        for (var round = 0; round < 3000; round++)
        {
            var answer = ChatReplayTests.Answer(random);
            if (Parse(damage.Of(Encoding.UTF8.GetBytes(answer.ToJsonString()))) is { } body)
            {
                var response = _translation.Answer([], body);
                _responses.Read(Wire.Json(response.ToJsonString()));
                Wire.AssertEqual(response, _responses.Aggregate(_responses.Replay(response)));
            }
        }
    }

    [Fact]
    public void Events_Damaged_AreReadOrRefused()
    {
        var random = new Random(53);
        var damage = new Damage(random);
        var chat = new ChatAdapter();
        for (var round = 0; round < 2000; round++)
        {
            var stream = _translation.Stream([]);
            foreach (var chunk in chat.Replay(ChatReplayTests.Answer(random)))
            {
                var damaged = chunk with { Data = damage.Of(chunk.Data) };
                Survive(() => Assert.All(stream.Translate(damaged), e => Assert.NotNull(e.Name)));
            }

            var reader = _responses.CreateStreamReader();
            foreach (var item in stream.Complete())
            {
                var damaged = item with { Data = damage.Of(item.Data) };
                Survive(() => reader.Read(damaged));
                Survive(() => _responses.Aggregate([damaged]));
                Survive(() => _responses.Read(Wire.Json(Encoding.UTF8.GetString(damaged.Data.Span))));
            }
        }
    }

    private static JsonObject? Parse(byte[] json)
    {
        try
        {
            return StrictJson.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
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
