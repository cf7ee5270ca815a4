namespace CogniForge.Llm.RequestLog;

/// <summary>Selects entries of the request log; null matches any value.</summary>
internal sealed record RequestLogFilter
{
    /// <summary>The id of the API key.</summary>
    public string? Key { get; init; }

    /// <summary>The end user that the request names.</summary>
    public string? User { get; init; }

    /// <summary>The name of the route.</summary>
    public string? Route { get; init; }

    /// <summary>The provider that responded.</summary>
    public string? Provider { get; init; }

    /// <summary>The model that responded; the requested model if none did.</summary>
    public string? Model { get; init; }

    /// <summary>The project of the API key.</summary>
    public string? Project { get; init; }

    /// <summary>The metadata that a request must have; empty: any. Rollups have none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The HTTP status of the response.</summary>
    public int? Status { get; init; }

    /// <summary>The category of the error.</summary>
    public string? Error { get; init; }

    /// <summary>The start, inclusive.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The end, exclusive.</summary>
    public DateTimeOffset? To { get; init; }

    public bool Matches(RequestLogEntry entry) =>
        RequestLogColumns.Filterable.All(c => c.Matches(this, entry))
        && Metadata.All(m => entry.Metadata?.GetValueOrDefault(m.Key) == m.Value)
        && (From is null || entry.OccurredAt >= From)
        && (To is null || entry.OccurredAt < To);
}
