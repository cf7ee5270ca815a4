using CogniForge.Llm.Pricing;

namespace CogniForge.Llm.Limits;

/// <summary>What a request may need of the limits of its key, its project or its route.</summary>
internal sealed record Reservation
{
    /// <summary>What budget and rates are kept under: <see cref="LimitOwner.Key"/>.</summary>
    public required string Key { get; init; }

    /// <summary>The limits; those of a route have no budget.</summary>
    public required KeyLimits Limits { get; init; }

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

    /// <summary>The most that it costs with the requested or granted output, in billionths of a USD.</summary>
    public long WantedCost => MaxCost.ForOutputTokens(MaxOutputTokens);

    /// <summary>The most that it costs with the least output.</summary>
    public long LeastCost => MaxCost.ForOutputTokens(MinOutputTokens);

    /// <summary>Creates the reservation of a request, without its cost and owner.</summary>
    public static Reservation Create(AdmissionRequest request) =>
        new()
        {
            Key = "",
            Limits = new(),
            At = request.Now,
            Tokens = (int)
                Math.Min(
                    int.MaxValue,
                    TokenEstimator.Estimate(request.Request.InputCharacters)
                        + ((long)(request.Request.MaxOutputTokens ?? 0) * request.Request.Choices)
                ),
        };
}
