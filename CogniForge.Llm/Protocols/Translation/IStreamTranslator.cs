namespace CogniForge.Llm.Protocols.Translation;

/// <summary>Translates one stream. Not thread-safe.</summary>
internal interface IStreamTranslator
{
    /// <summary>The client's events for one of the provider's events: none, one or several. <see cref="SseEvent.Done"/> is never passed in nor given.</summary>
    /// <exception cref="System.Text.Json.JsonException">The event is not of the provider's protocol.</exception>
    IEnumerable<SseEvent> Translate(SseEvent item);

    /// <summary>What is still to be said when the provider's stream has ended well, without the protocol's <see cref="ProtocolAdapter.StreamEnd"/>.</summary>
    IEnumerable<SseEvent> Complete();
}
