namespace CogniForge.Llm.Protocols;

/// <summary>What an event of a stream is to the client.</summary>
internal enum StreamEventKind
{
    /// <summary>Carries nothing of the answer yet (a role, a ping, an opened block): if the provider fails now, another may still answer.</summary>
    Preamble,

    /// <summary>Carries a part of the answer or its end.</summary>
    Content,

    /// <summary>Carries only the usage (OpenAI's chat): not for a client that did not ask for it.</summary>
    Usage,

    /// <summary>Tells of an error; it is in <see cref="ResponseMetadata.Failure"/>.</summary>
    Error,

    /// <summary>Ends the stream (<c>[DONE]</c>); the gateway sends its own <see cref="ProtocolAdapter.StreamEnd"/>.</summary>
    End,
}
