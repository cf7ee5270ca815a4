namespace CogniForge.Llm.Limits;

/// <summary>What a request may need of the limits of its key, or of its route.</summary>
internal sealed record Reservation
{
    /// <summary>The id of the request and of its record.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose limits they are: the key's id, or <c>route:</c> with the route's name.</summary>
    public required string Key { get; init; }

    /// <summary>The limits; of a route rates alone.</summary>
    public required KeyLimits Limits { get; init; }

    /// <summary>When the request came.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When the request is over at the latest; what was not settled by then never will be, because its process has ended.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>The tokens that it will take, by an estimate.</summary>
    public int Tokens { get; init; }

    /// <summary>What it may cost.</summary>
    public CostUpperBound MaxCost { get; init; }

    /// <summary>The output tokens of an answer that it wants.</summary>
    public int MaxOutputTokens { get; init; }

    /// <summary>The output tokens that it can do with.</summary>
    public int MinOutputTokens { get; init; }
}
