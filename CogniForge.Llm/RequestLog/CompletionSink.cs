using CogniForge.Llm.Limits;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Messaging;

namespace CogniForge.Llm.RequestLog;

/// <summary>Stores completions and announces them.</summary>
internal sealed class CompletionSink(ICompletionStore store, ILimits limits, IEventPublisher publisher, ServiceDescription service) : IJournalSink<CompletionRecord>
{
    public async Task WriteAsync(IReadOnlyList<CompletionRecord> records, CancellationToken cancellationToken)
    {
        await store.AddAsync(records, cancellationToken);
        limits.Stored(records);
        await publisher.PublishAsync(
            CloudEvent.Create(CompletionRecord.EventType, service.EventSource, records[^1].OccurredAt, records, records[0].TraceParent), cancellationToken);
    }
}
