namespace CogniForge.Llm.RequestLog;

/// <summary>Which requests of the log; what is null does not matter.</summary>
internal sealed record RequestLogFilter
{
    /// <summary>The id of the key that asked.</summary>
    public string? Key { get; init; }

    /// <summary>The end user that the client named.</summary>
    public string? User { get; init; }

    /// <summary>The route.</summary>
    public string? Route { get; init; }

    /// <summary>Who answered.</summary>
    public string? Provider { get; init; }

    /// <summary>The model that answered, or was asked for when none did.</summary>
    public string? Model { get; init; }

    /// <summary>The HTTP status that the client got.</summary>
    public int? Status { get; init; }

    /// <summary>The category of the failure.</summary>
    public string? Error { get; init; }

    /// <summary>At this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Whether a request is one of these.</summary>
    public bool Matches(RequestLogEntry entry) =>
        RequestLogColumns.Filterable.All(c => c.Matches(this, entry))
        && (From is null || entry.OccurredAt >= From)
        && (To is null || entry.OccurredAt < To);
}
