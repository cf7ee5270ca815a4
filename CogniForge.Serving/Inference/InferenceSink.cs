using CogniForge.Messaging;
using CogniForge.Messaging.Journal;
using CogniForge.ServiceDefaults;

namespace CogniForge.Serving.Inference;

/// <summary>Stores inferences, then publishes them.</summary>
internal sealed class InferenceSink(IInferenceStore store, IEventPublisher publisher, ServiceDescription service)
    : IJournalSink<InferenceRecord>
{
    public async Task WriteAsync(IReadOnlyList<InferenceRecord> records, CancellationToken cancellationToken)
    {
        await store.AddAsync(records, cancellationToken);
        await publisher.PublishAsync(
            CloudEvent.Create(
                InferenceRecord.EventType,
                service.EventSource,
                records[^1].OccurredAt,
                records,
                records[0].TraceParent
            ),
            cancellationToken
        );
    }
}
