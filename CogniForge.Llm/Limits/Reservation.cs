using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Limits;

/// <summary>What a request may need of the limits of its key, its project or its route.</summary>
internal sealed record Reservation
{
    /// <summary>
    /// The output token limit of a request that has a budget, where neither the request nor the route sets one and the
    /// model generates more: a model's maximum of 128,000 would hold a small budget alone.
    /// </summary>
    private const int DefaultOutputTokens = 4_096;

    /// <summary>A response is not cut shorter than this; the budget counts as used up instead.</summary>
    private const int MinUsefulTokens = 16;

    /// <summary>Whose limits it is made from.</summary>
    public required LimitOwner Owner { get; init; }

    /// <summary>When the request arrived.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The levels after its request was taken, before its body was read; null: not taken yet.</summary>
    public ReservationResult? Taken { get; init; }

    /// <summary>An estimate of its input and output tokens.</summary>
    public int Tokens { get; init; }

    public CostUpperBound MaxCost { get; init; }

    /// <summary>The output tokens per choice that it wants, or that were granted.</summary>
    public int MaxOutputTokens { get; init; }

    /// <summary>The fewest output tokens per choice that are of use.</summary>
    public int MinOutputTokens { get; init; }

    public string Key => Owner.Key;

    public KeyLimits Limits => Owner.Limits;

    /// <summary>The most that it costs with the requested or granted output, in billionths of a USD.</summary>
    public long WantedCost => MaxCost.ForOutputTokens(MaxOutputTokens);

    /// <summary>The most that it costs with the least output.</summary>
    public long LeastCost => MaxCost.ForOutputTokens(MinOutputTokens);

    /// <summary>Creates the reservation of a request, without its cost.</summary>
    public static Reservation Create(AdmissionRequest admission, LimitOwner owner)
    {
        var (request, cap) = (admission.Request, admission.Route.MaxOutputTokens);

        // Without a limit of the request or the route: at most what any target generates.
        var limit =
            request.MaxOutputTokens
            ?? cap
            ?? admission.Targets.Max(t => Math.Min(t.MaxOutputTokens ?? DefaultOutputTokens, DefaultOutputTokens));
        var wanted = request.Protocol == Protocol.Embeddings ? 0 : Math.Min(limit, cap ?? int.MaxValue);
        var tokens =
            TokenEstimator.Estimate(request.InputCharacters)
            + ((long)(request.MaxOutputTokens ?? 0) * request.Choices);
        return new()
        {
            Owner = owner,
            At = admission.Now,
            Tokens = (int)Math.Min(int.MaxValue, tokens),
            MaxOutputTokens = wanted,
            MinOutputTokens = request.MaxOutputTokens is null ? Math.Min(wanted, MinUsefulTokens) : wanted,
        };
    }
}
