using CogniForge.Llm.Caching;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Telemetry;

namespace CogniForge.Llm.Gateway;

/// <summary>A request on its way through the gateway, with what all attempts at its targets share.</summary>
internal sealed class InferenceContext
{
    /// <summary>What becomes of its record.</summary>
    public required InferenceRecorder Recording { get; init; }

    /// <summary>What the client asks.</summary>
    public required InferenceRequest Request { get; init; }

    /// <summary>Who may answer.</summary>
    public required ResolvedRoute Route { get; init; }

    /// <summary>Where the answer goes.</summary>
    public required IResponseWriter Writer { get; init; }

    /// <summary>What the key's limits were told that it may need.</summary>
    public required AdmissionLease Admitted { get; init; }

    /// <summary>How long to wait.</summary>
    public required EffectiveTimeouts Timeouts { get; init; }

    /// <summary>When the total time is over.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>The client has gone.</summary>
    public required CancellationToken RequestAborted { get; init; }

    /// <summary>To land with the answer; null: it is not to be cached.</summary>
    public InFlightRequest? Flight { get; init; }

    /// <summary>What is to be cached of the answer; null: nothing.</summary>
    public Func<DateTimeOffset, DateTimeOffset, IReadOnlyList<string>, CachedResponse>? ToCache { get; private set; }

    /// <summary>What the client is told of the cache.</summary>
    public CacheStatus Cache => Flight is null ? CacheStatus.Bypass : CacheStatus.Miss;

    /// <summary>The target that is being asked, and how far it has got; null: none is.</summary>
    public (ResolvedTarget Target, Progress Progress)? CurrentAttempt { get; set; }

    /// <summary>The target that was asked last, <c>provider/model</c>; null: none was.</summary>
    public string? LastTarget { get; set; }

    /// <summary>Records the messages of the attempt that is being made; null: nobody wants them.</summary>
    public ContentCapture? Capture { get; set; }

    /// <summary>How often targets were asked.</summary>
    public int Attempts { get; set; }

    /// <summary>When the first part of the answer came; null: not yet, or it is not streamed.</summary>
    public long? FirstChunk { get; set; }

    /// <summary>For how long the target that answered wants to be left alone; null: it does not say.</summary>
    public TimeSpan? Cooldown { get; set; }

    /// <summary>How long the gateway did nothing but wait: for targets, and before retries.</summary>
    public TimeSpan RetryDelay { get; set; }

    /// <summary>An answer is whole: it is recorded before its end is given to the client.</summary>
    /// <param name="target">Who has answered.</param>
    /// <param name="metadata">What the answer says of itself.</param>
    /// <param name="characters">How long it is.</param>
    /// <param name="body">Makes the whole answer in the client's protocol.</param>
    public void Answered(ResolvedTarget target, ResponseMetadata metadata, int characters, Func<byte[]> body)
    {
        var entry = Recording.RecordResponse(this, target, metadata, characters);
        if (Flight is not null && !Admitted.IsCut)
        {
            var usage = metadata.Usage ?? TokenEstimator.Usage(Request.InputCharacters, characters);
            var whole = body();
            ToCache = (now, expiry, tags) =>
                new(
                    whole,
                    entry.Provider,
                    entry.Model,
                    target.Id,
                    entry.FinishReason,
                    usage,
                    entry.Cost,
                    now,
                    expiry,
                    tags
                );
        }
    }
}
