using CogniForge.Llm.Limits;
using CogniForge.Messaging;
using CogniForge.Messaging.Journal;
using CogniForge.ServiceDefaults;

namespace CogniForge.Llm.RequestLog;

/// <summary>Stores completions and announces them.</summary>
internal sealed class RequestLogSink(
    IRequestLog log,
    ILimiter limiter,
    IEventPublisher publisher,
    ServiceDescription service
) : IJournalSink<RequestLogEntry>
{
    public async Task WriteAsync(IReadOnlyList<RequestLogEntry> records, CancellationToken cancellationToken)
    {
        await log.AddAsync(records, cancellationToken);
        limiter.Stored(records);
        await publisher.PublishAsync(
            CloudEvent.Create(
                RequestLogEntry.EventType,
                service.EventSource,
                records[^1].OccurredAt,
                records,
                records[0].TraceParent
            ),
            cancellationToken
        );
    }
}
