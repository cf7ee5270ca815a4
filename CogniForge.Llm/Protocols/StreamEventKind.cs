namespace CogniForge.Llm.Protocols;

/// <summary>What a stream event means to the client.</summary>
internal enum StreamEventKind
{
    /// <summary>
    /// Carries no output yet (a role, a ping, an opened block): if the provider fails now, a fallback is still
    /// possible.
    /// </summary>
    Preamble,

    /// <summary>Carries a part of the output or its end.</summary>
    Content,

    /// <summary>Carries only the usage (OpenAI's chat); sent only to clients that request it.</summary>
    Usage,

    /// <summary>Carries an error, which is then in <see cref="ResponseMetadata.Error"/>.</summary>
    Error,

    /// <summary>
    /// Ends the stream (<c>[DONE]</c>); the gateway sends its own <see cref="ProtocolAdapter.StreamEnd"/>.
    /// </summary>
    End,
}
