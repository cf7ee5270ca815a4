using System.Text.Json;

namespace CogniForge.ServiceDefaults.Audit;

/// <summary>One entry of the audit. Entries never change.</summary>
/// <param name="Id">The entry's id, UUID version 7.</param>
/// <param name="OccurredAt">When it happened, UTC; of refused log-ins the start of their minute.</param>
/// <param name="Actor">Who acted, and from where.</param>
/// <param name="Action">
/// The operation of the API, e.g. <c>RotateKey</c>; <c>RefuseLogin</c> for unknown keys and <c>RefuseAddress</c> for
/// keys at an address that they do not allow.
/// </param>
/// <param name="Resource">What was changed, e.g. <c>keys/{id}</c>; null for refused log-ins.</param>
/// <param name="Before">Its state before, without secrets; null: it did not exist, or the action has none.</param>
/// <param name="After">Its state after, without secrets; null: it does not exist, or the action has none.</param>
/// <param name="Count">How often it happened: 1, or the number of refused log-ins of the address in the minute.</param>
/// <param name="TraceId">The request's trace id; null: it was not traced.</param>
public sealed record AuditEntry(
    Guid Id,
    DateTimeOffset OccurredAt,
    AuditActor Actor,
    string Action,
    string? Resource,
    JsonElement? Before,
    JsonElement? After,
    int Count,
    string? TraceId
)
{
    /// <summary>The actor of refused log-ins.</summary>
    internal const string Anonymous = "anonymous";

    internal const string RefuseLogin = "RefuseLogin";

    internal const string RefuseAddress = "RefuseAddress";
}
