namespace CogniForge.Llm.Protocols.Translation;

/// <summary>Translates one stream. Not thread-safe.</summary>
internal interface IStreamTranslator
{
    /// <summary>
    /// Translates one provider event to none, one or several client events. Neither side includes <see
    /// cref="SseEvent.Done"/>.
    /// </summary>
    /// <exception cref="System.Text.Json.JsonException">The event does not follow the provider's protocol.</exception>
    IEnumerable<SseEvent> Translate(SseEvent item);

    /// <summary>
    /// Returns the remaining client events once the provider's stream is complete, without <see
    /// cref="ProtocolAdapter.StreamEnd"/>.
    /// </summary>
    IEnumerable<SseEvent> Complete();
}
