using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Resilience;

/// <summary>The result of an attempt at a target.</summary>
internal sealed record AttemptResult
{
    /// <summary>Why the attempt failed; null: the response is complete.</summary>
    public ProviderError? Error { get; init; }

    /// <summary>Whether the client has received a part of a stream, so that no other target can take over.</summary>
    public bool HasBegun { get; init; }

    /// <summary>Whether the provider has sent a whole response or a part of one, usable or not.</summary>
    public bool HasResponse { get; init; }

    /// <summary>The metadata of the response as far as it was received; null: none was.</summary>
    public ResponseMetadata? Metadata { get; init; }

    /// <summary>The output received, to estimate its tokens if the provider sends no usage; null: none.</summary>
    public TextSample? Output { get; init; }

    /// <summary>The characters of <see cref="Output"/>.</summary>
    public int OutputCharacters => Output?.Characters ?? 0;

    /// <summary>The complete response in the client's protocol; null: it was streamed and is not cached.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>The provider's id of the request; null: none.</summary>
    public string? ProviderRequestId { get; init; }

    /// <summary>The request fields without an equivalent in the provider's protocol.</summary>
    public IReadOnlyList<string> DroppedFields { get; init; } = [];

    /// <summary>How long the target asks not to be called, although it responded; zero: not at all.</summary>
    public TimeSpan Cooldown { get; init; }

    /// <summary>The ids of what the provider keeps, by which later requests can refer to it.</summary>
    public IReadOnlyList<string> StateIds { get; init; } = [];

    /// <summary>Whether no other attempt may follow, because the budget does not cover it.</summary>
    public bool IsLast { get; init; }

    /// <summary>Whether the provider surely charges for the attempt: it has sent usage or output.</summary>
    public bool IsPaid => HasBegun || HasResponse || Metadata?.HasUsage == true || OutputCharacters > 0;

    /// <summary>Whether another attempt must fit into the budget beside this one.</summary>
    public bool MayCostBesideAnother => Error is not null && !HasBegun && (IsPaid || HasUnknownCost);

    /// <summary>Whether the provider may charge for the attempt without having reported the final usage.</summary>
    public bool HasUnknownCost =>
        Error is null
            ? Metadata is not { IsUsageProvisional: false } || !Metadata.HasUsageOf(OutputCharacters)
            : HasBegun || Error.MayHaveResponse;

    public static AttemptResult Failed(ProviderError error) => new() { Error = error };
}
