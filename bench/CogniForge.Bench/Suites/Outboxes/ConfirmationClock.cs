using System.Collections.Concurrent;
using CogniForge.Messaging;
using CogniForge.Messaging.RabbitMq;

namespace CogniForge.Bench.Suites.Outboxes;

/// <summary>Publishes, and notes when the broker has confirmed each event.</summary>
internal sealed class ConfirmationClock(RabbitMqPublisher publisher) : IEventPublisher
{
    /// <summary>Timestamps by the ids of the events.</summary>
    public ConcurrentDictionary<string, long> Confirmed { get; } = new();

    public async Task PublishAsync(CloudEvent cloudEvent, CancellationToken cancellationToken)
    {
        await publisher.PublishAsync(cloudEvent, cancellationToken);
        Confirmed.TryAdd(cloudEvent.Id, TimeProvider.System.GetTimestamp());
    }

    /// <summary>Waits until the events are confirmed.</summary>
    /// <exception cref="BenchException">That takes too long.</exception>
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
