using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Gateway;

/// <summary>How far an attempt has got, for whoever has to deal with its failure.</summary>
internal sealed class Progress
{
    /// <summary>Whether a part of the answer has gone out.</summary>
    public bool HasBegun { get; set; }

    /// <summary>What the provider has told so far.</summary>
    public CogniForge.Llm.Protocols.ProtocolStreamReader? Reader { get; set; }

    /// <summary>The attempt failed here.</summary>
    public AttemptResult Failed(ProviderError error) =>
        new(Reader?.Metadata, Reader?.OutputCharacters ?? 0, error, HasBegun);
}
