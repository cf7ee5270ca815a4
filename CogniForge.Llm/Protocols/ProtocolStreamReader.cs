using System.Text.Json;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols;

/// <summary>Reads the events of one provider stream. Not thread-safe.</summary>
internal abstract class ProtocolStreamReader
{
    /// <summary>The metadata so far; the usage is that of the latest event with one.</summary>
    public ResponseMetadata Metadata { get; protected set; } = new(null, null, null, null);

    /// <summary>Whether the usage stands where the protocol has it, so that a translation finds it.</summary>
    public virtual bool HasUsageInPlace => Metadata.Usage is not null;

    /// <summary>The text and tool arguments so far, to estimate the output when the provider sends no usage.</summary>
    public TextSample Output { get; } = new();

    /// <summary>The ids of what the provider keeps, by which later requests can refer to it.</summary>
    public IReadOnlyList<string> StateIds { get; private set; } = [];

    /// <summary>Whether the response is complete; a stream that ends before that was truncated.</summary>
    public bool IsComplete { get; protected set; }

    /// <summary>Reads the next event.</summary>
    /// <exception cref="JsonException">The event is not a JSON object or does not follow the protocol.</exception>
    public StreamEventKind Read(SseEvent item)
    {
        var usage = Metadata.Usage;
        var kind = InvalidUnicode.Throw((Reader: this, item), static s => s.Reader.ReadCore(s.item));
        if (!ReferenceEquals(usage, Metadata.Usage))
        {
            Metadata = Metadata with { IsUsageProvisional = !IsComplete };
        }

        return kind;
    }

    protected void AddStateIds(IReadOnlyList<string> ids) =>
        StateIds = ids.Count == 0 ? StateIds : [.. StateIds.Concat(ids).Take(ProviderStateIds.MaxIds)];

    /// <inheritdoc cref="Read"/>
    protected abstract StreamEventKind ReadCore(SseEvent item);
}
