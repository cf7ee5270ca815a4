using CogniForge.Llm.Caching;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Gateway;

/// <summary>An admitted request, with the state that its attempts share.</summary>
internal sealed class InferenceContext
{
    /// <summary>The gateway's id of the request.</summary>
    public required Guid Id { get; init; }

    /// <summary>The id of the caller's API key.</summary>
    public required string Caller { get; init; }

    public required InferenceRequest Request { get; init; }

    public required ResolvedRoute Route { get; init; }

    public required AdmissionLease Lease { get; init; }

    public required IResponseWriter Writer { get; init; }

    /// <summary>When the total timeout expires.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>Cancelled when the client disconnects.</summary>
    public required CancellationToken RequestAborted { get; init; }

    /// <summary>The request for which identical requests may wait; null: its response is not cached.</summary>
    public required InFlightRequest? InFlight { get; init; }

    /// <summary>The result of the cache lookup.</summary>
    public CacheStatus Cache => InFlight is null ? CacheStatus.Bypass : CacheStatus.Miss;

    /// <summary>Whether to cache the response: not if a budget may have cut it short.</summary>
    public bool IsCacheable => Cache == CacheStatus.Miss && !Lease.IsCut;

    /// <summary>The running attempt; null: none.</summary>
    public AttemptProgress? CurrentAttempt { get; set; }

    /// <summary>The attempt that failed last, unless its cost is counted; null: none.</summary>
    public (ResolvedTarget Target, AttemptResult Result)? FailedAttempt { get; set; }

    /// <summary>
    /// The cost of failed attempts that another one followed, in USD, except the part that the budget's lease counts.
    /// </summary>
    public decimal FailedAttemptsCost { get; set; }

    /// <summary>Whether <see cref="FailedAttemptsCost"/> contains an estimate.</summary>
    public bool IsFailedCostEstimated { get; set; }

    /// <summary>The target called last, <c>provider/model</c>; null: none.</summary>
    public string? LastTarget { get; set; }

    /// <summary>The number of calls of targets.</summary>
    public int Attempts { get; set; }

    /// <summary>The timestamp of the first output; null: none yet, or not streamed.</summary>
    public long? FirstChunk { get; set; }

    /// <summary>How long the gateway only waited for targets and before retries.</summary>
    public TimeSpan WaitTime { get; set; }

    /// <summary>Describes a target's response to the client.</summary>
    public ResponseHeaders DescribeHeaders(
        ResolvedTarget target,
        string? providerRequestId,
        IReadOnlyList<string> dropped
    ) => new(Id, Route.Route.Name, target.Id, providerRequestId, dropped, Cache);
}
