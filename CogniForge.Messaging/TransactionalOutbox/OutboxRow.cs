namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>A row of table <c>outbox</c>.</summary>
internal sealed record OutboxRow(
    Guid Id,
    string Type,
    string Source,
    DateTime Occurred_At,
    string? Trace_Parent,
    byte[] Data
)
{
    public CloudEvent ToEvent() => new(Id.ToString(), Type, Source, Occurred_At, Data, Trace_Parent);
}
