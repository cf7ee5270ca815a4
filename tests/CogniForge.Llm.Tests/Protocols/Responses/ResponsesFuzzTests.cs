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

/// <summary>Corrupt input causes only the exceptions of the contract.</summary>
public class ResponsesFuzzTests
{
    private readonly ResponsesToChatTranslator _translation = new();
    private readonly ResponsesAdapter _responses = new();

    [Fact]
    public void Request_Corrupt_IsTranslatedOrRejectedWithPath()
    {
        var corruptor = new JsonCorruptor(new Random(51));
        var rejected = 0;
        for (var round = 0; round < 5000; round++)
        {
            if (Parse(corruptor.Corrupt(Encoding.UTF8.GetBytes(ResponsesToChatRequestTests.Full))) is not { } body)
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
                rejected++;
            }
        }

        Assert.InRange(rejected, 1000, 4500);
    }

    [Fact]
    public void Response_Corrupt_IsTranslatedOrRejected()
    {
        var random = new Random(52);
        var corruptor = new JsonCorruptor(random);
        for (var round = 0; round < 3000; round++)
        {
            var completion = ChatReplayTests.CreateResponse(random);
            if (Parse(corruptor.Corrupt(Encoding.UTF8.GetBytes(completion.ToJsonString()))) is { } body)
            {
                JsonObject? response = null;
                AssertReadOrRejected(() => response = _translation.Response([], body));
                if (response is not null)
                {
                    _responses.Read(Wire.Json(response.ToJsonString()));
                    Wire.AssertEqual(response, _responses.Aggregate(_responses.Replay(response)));
                }
            }
        }
    }

    [Fact]
    public void Events_Corrupt_AreReadOrRejected()
    {
        var random = new Random(53);
        var corruptor = new JsonCorruptor(random);
        var chat = new ChatAdapter();
        for (var round = 0; round < 2000; round++)
        {
            var stream = _translation.Stream([]);
            foreach (var chunk in chat.Replay(ChatReplayTests.CreateResponse(random)))
            {
                var corrupted = chunk with { Data = corruptor.Corrupt(chunk.Data) };
                AssertReadOrRejected(() => Assert.All(stream.Translate(corrupted), e => Assert.NotNull(e.Name)));
            }

            var reader = _responses.CreateStreamReader();
            List<SseEvent> ending = [];
            AssertReadOrRejected(() => ending = [.. stream.Complete()]);
            foreach (var item in ending)
            {
                var corrupted = item with { Data = corruptor.Corrupt(item.Data) };
                AssertReadOrRejected(() => reader.Read(corrupted));
                AssertReadOrRejected(() => _responses.Aggregate([corrupted]));
                AssertReadOrRejected(() => _responses.Read(Wire.Json(Encoding.UTF8.GetString(corrupted.Data.Span))));
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
