using System.Text.Json;

namespace CogniForge.Llm.Protocols;

/// <summary>Follows one stream of a provider. Not thread-safe.</summary>
internal abstract class ProtocolStreamReader
{
    /// <summary>What is known so far; the usage is that of the latest event that had one.</summary>
    public ResponseMetadata Metadata { get; protected set; } = new(null, null, null, null);

    /// <summary>Characters of text and tool arguments so far, by which the output is estimated where the provider sends no usage.</summary>
    public int OutputCharacters { get; protected set; }

    /// <summary>Whether the provider has said all: a stream that ends without this was cut.</summary>
    public bool IsComplete { get; protected set; }

    /// <summary>Reads the next event.</summary>
    /// <returns>What it is to the client.</returns>
    /// <exception cref="JsonException">The event is no JSON object, or not of this protocol.</exception>
    public abstract StreamEventKind Read(SseEvent item);
}
