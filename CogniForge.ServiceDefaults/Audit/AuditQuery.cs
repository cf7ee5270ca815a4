using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using CogniForge.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Mvc;

namespace CogniForge.ServiceDefaults.Audit;

/// <summary>The query parameters that filter the audit.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "Bound from a query, never compared.")]
internal readonly struct AuditQuery
{
    [FromQuery(Name = "actor"), Description("Only entries of the key with this id.")]
    public string? Actor { get; init; }

    [FromQuery(Name = "action"), Description("Only entries of this operation, e.g. `RotateKey`.")]
    public string? Action { get; init; }

    [FromQuery(Name = "resource"), Description("Only changes of this resource, e.g. `routes/fast`.")]
    public string? Resource { get; init; }

    [FromQuery(Name = "address"), Description("Only entries from this address.")]
    public string? Address { get; init; }

    [FromQuery(Name = "from"), Description("Only entries at or after this time, ISO 8601.")]
    public DateTimeOffset? From { get; init; }

    [FromQuery(Name = "to"), Description("Only entries before this time, ISO 8601.")]
    public DateTimeOffset? To { get; init; }

    /// <returns>The errors; empty if the query is valid.</returns>
    public IEnumerable<FieldError> Parse(out AuditFilter filter)
    {
        filter = new(Actor, Action, Resource, Address, From, To);
        (string Name, string? Text)[] texts =
        [
            ("actor", Actor),
            ("action", Action),
            ("resource", Resource),
            ("address", Address),
        ];
        var errors = texts
            .Where(t => t.Text?.Contains('\0') == true)
            .Select(t => new FieldError(t.Name, "must not contain U+0000"));
        return From >= To ? errors.Append(new("from", "must be before to")) : errors;
    }
}
