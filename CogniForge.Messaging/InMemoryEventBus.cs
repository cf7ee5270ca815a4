using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.Messaging;

/// <summary>
/// Replaces the broker within one process: passes each event to the process's own subscribers before it returns. Drops
/// events without a subscriber.
/// </summary>
internal sealed class InMemoryEventBus(IEnumerable<InMemorySubscription> subscriptions, MigrationStatus migrations)
    : IEventPublisher
{
    public async Task PublishAsync(CloudEvent cloudEvent, CancellationToken cancellationToken)
    {
        await migrations.Applied.WaitAsync(cancellationToken);
        foreach (var (subscription, handler) in subscriptions)
        {
            if (subscription.EventTypes.Contains(cloudEvent.Type))
            {
                await handler().HandleAsync([cloudEvent], cancellationToken);
            }
        }
    }
}
