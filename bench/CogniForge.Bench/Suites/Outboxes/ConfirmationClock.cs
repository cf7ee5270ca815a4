using System.Collections.Concurrent;
using CogniForge.Messaging;
using CogniForge.Messaging.RabbitMq;

namespace CogniForge.Bench.Suites.Outboxes;

/// <summary>Publishes, and records when the broker confirms each event.</summary>
internal sealed class ConfirmationClock(RabbitMqPublisher publisher) : IEventPublisher
{
    /// <summary>The timestamps of the confirmations, by event id.</summary>
    public ConcurrentDictionary<string, long> Confirmed { get; } = new();

    public async Task PublishAsync(CloudEvent cloudEvent, CancellationToken cancellationToken)
    {
        await publisher.PublishAsync(cloudEvent, cancellationToken);
        Confirmed.TryAdd(cloudEvent.Id, TimeProvider.System.GetTimestamp());
    }

    /// <summary>Waits until all events are confirmed.</summary>
    /// <exception cref="BenchException">The events are not confirmed in time.</exception>
    public async Task<long[]> AwaitAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var timeout = TimeSpan.FromMinutes(2);
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!ids.All(Confirmed.ContainsKey))
        {
            if (TimeProvider.System.GetElapsedTime(started) > timeout)
            {
                throw new BenchException($"{ids.Count(id => !Confirmed.ContainsKey(id))} events were not published.");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        return [.. ids.Select(id => Confirmed[id])];
    }
}
