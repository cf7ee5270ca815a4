using System.Text.Json;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Chat;

namespace CogniForge.Llm.Gateway;

/// <summary>Keeps the events of a stream, up to a maximum size, to cache them as one response.</summary>
internal sealed class StreamCopy(Protocol protocol, int maxBytes)
{
    private readonly List<SseEvent> _events = [];
    private long _bytes;

    public void Add(SseEvent item)
    {
        _bytes += item.Data.Length;
        if (_bytes <= maxBytes)
        {
            _events.Add(item);
        }
        else
        {
            _events.Clear();
        }
    }

    /// <summary>Builds the response.</summary>
    /// <param name="usage">
    /// The usage of a translated stream, because the translator writes it only for clients that request it.
    /// </param>
    /// <returns>The response, JSON in UTF-8; null: the events do not form one, or exceed the maximum size.</returns>
    public ReadOnlyMemory<byte>? Aggregate(TokenUsage? usage)
    {
        if (_bytes > maxBytes)
        {
            return null;
        }

        try
        {
            var response = ProtocolAdapters.For(protocol).Aggregate(_events);
            if (usage is not null && protocol == Protocol.ChatCompletions)
            {
                response["usage"] = ChatUsage.Write(usage);
            }

            return JsonSerializer.SerializeToUtf8Bytes(response, WireJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
