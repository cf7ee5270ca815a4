using CogniForge.Messaging;
using CogniForge.Messaging.Journal;
using CogniForge.ServiceDefaults;

namespace CogniForge.Llm.RequestLog;

/// <summary>Stores entries and publishes an event.</summary>
internal sealed class RequestLogSink(
    IRequestLog log,
    IEventPublisher publisher,
    ServiceDescription service
) : IJournalSink<RequestLogEntry>
{
    public async Task WriteAsync(IReadOnlyList<RequestLogEntry> entries, CancellationToken cancellationToken)
    {
        await log.AddAsync(entries, cancellationToken);
        await publisher.PublishAsync(
            CloudEvent.Create(
                RequestLogEntry.EventType,
                service.EventSource,
                entries[^1].OccurredAt,
                entries,
                entries[0].TraceParent
            ),
            cancellationToken
        );
    }
}
