using System.Text.Json;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Chat;

namespace CogniForge.Llm.Gateway;

/// <summary>Keeps the events of a stream, to cache them as one response.</summary>
internal sealed class StreamCopy(Protocol protocol)
{
    private readonly List<SseEvent> _events = [];

    public void Add(SseEvent item) => _events.Add(item);

    /// <summary>Builds the response.</summary>
    /// <param name="usage">
    /// The usage of a translated stream, because the translator writes it only for clients that request it.
    /// </param>
    /// <returns>The response, JSON in UTF-8; null: the provider's events do not form one.</returns>
    public ReadOnlyMemory<byte>? Aggregate(TokenUsage? usage)
    {
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
