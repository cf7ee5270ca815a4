using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using CogniForge.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Mvc;

namespace CogniForge.Serving.Metrics;

/// <summary>The query parameters of every report.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "Bound from a query, never compared.")]
internal readonly struct MetricsQuery
{
    private static readonly TimeSpan _length = TimeSpan.FromDays(1);

    [FromQuery(Name = "from"), Description("The start of the window, included, ISO 8601. Default: a day before `to`.")]
    public DateTimeOffset? From { get; init; }

    [FromQuery(Name = "to"), Description("The end of the window, excluded, ISO 8601. Default: now.")]
    public DateTimeOffset? To { get; init; }

    [FromQuery(Name = "version"), Description("Only predictions of this version. Default: of all versions.")]
    public int? Version { get; init; }

    /// <returns>The errors; empty if the query is valid.</returns>
    public IReadOnlyList<FieldError> Parse(string model, DateTimeOffset now, out MetricsWindow window)
    {
        // The end is excluded, and what was recorded in this moment counts.
        var to = (To ?? now.AddMilliseconds(1)).ToUniversalTime();
        var from = From?.ToUniversalTime() ?? (to - DateTimeOffset.MinValue > _length ? to - _length : to);
        window = new(model, Version, from, to);
        return from < to ? [] : [new("from", "must be before to")];
    }
}
