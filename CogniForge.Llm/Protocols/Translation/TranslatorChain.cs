using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation.ResponsesToChat;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>Combines two translators via the protocol between them.</summary>
internal sealed class TranslatorChain(ITranslator first, ITranslator second) : ITranslator
{
    public Protocol Client => first.Client;

    public Protocol Provider => second.Provider;

    public TranslatedRequest Request(JsonField body, ProviderKind kind, bool keepsCacheControl)
    {
        var middle = first.Request(body, kind, keepsCacheControl);
        var last = second.Request(JsonField.FromRequest(middle.Body), kind, keepsCacheControl);
        return new(last.Body, [.. middle.Dropped, .. last.Dropped]);
    }

    public JsonObject Response(JsonObject request, JsonObject body)
    {
        var response = first.Response(request, second.Response(Middle(request), body));
        if (ThinkingBlocks.AreInterleaved(body["content"]))
        {
            // A stream has a place for thinking between texts and calls, a chat message has none.
            var stream = Stream(request);
            var events = MessagesStreamReplayer.Replay(body).SelectMany(stream.Translate).Concat(stream.Complete());
            var last = events.Aggregate((_, next) => next); // Last would complete the stream before it begins
            response["output"] = StrictJson.Parse(last.Data.Span)["response"]!["output"]!.DeepClone();
        }

        return response;
    }

    public IStreamTranslator Stream(JsonObject request)
    {
        // The first translator needs the usage even if the client's protocol cannot request it.
        var middle = Middle(request);
        middle["stream_options"] = new JsonObject { ["include_usage"] = true };
        return new StreamChain(first.Stream(request), second.Stream(middle));
    }

    // All chains lead to Anthropic, whose rules the request in between keeps. A response needs only what names tools.
    private JsonObject Middle(JsonObject request)
    {
        var body = new JsonObject { ["tools"] = AdditionalTools.GetAll(request)?.DeepClone(), ["input"] = "" };
        return first.Request(JsonField.FromRequest(body), ProviderKind.Anthropic, keepsCacheControl: true).Body;
    }

    private sealed class StreamChain(IStreamTranslator first, IStreamTranslator second) : IStreamTranslator
    {
        public IEnumerable<SseEvent> Translate(SseEvent item) => second.Translate(item).SelectMany(first.Translate);

        public IEnumerable<SseEvent> Complete()
        {
            foreach (var item in second.Complete().SelectMany(first.Translate))
            {
                yield return item;
            }

            foreach (var item in first.Complete())
            {
                yield return item;
            }
        }
    }
}
