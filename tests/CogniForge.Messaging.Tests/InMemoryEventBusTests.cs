using System.Collections.Concurrent;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Messaging.Tests;

public sealed class InMemoryEventBusTests
{
    [Fact]
    public async Task Publish_InMemory_ReachesOwnSubscribersOfType()
    {
        var none = new AvailableDependencies(false, false, false);
        await using var service = await TestService.StartAsync(configure: b =>
            b.Services.AddEventHandler<Handler>(none, new Subscription("llm.own", "a.v1", "b.v1"))
        );
        var publisher = service.Services.GetRequiredService<IEventPublisher>();

        foreach (var type in new[] { "a.v1", "c.v1", "b.v1" })
        {
            await publisher.PublishAsync(
                CloudEvent.Create(type, "/cogniforge/llm", DateTimeOffset.UnixEpoch, 1, null),
                default
            );
        }

        Assert.Equal(["a.v1", "b.v1"], service.Services.GetRequiredService<Handler>().Types);
    }

    private sealed class Handler : IEventHandler
    {
        public ConcurrentQueue<string> Types { get; } = new();

        public Task HandleAsync(IReadOnlyList<CloudEvent> events, CancellationToken cancellationToken)
        {
            Types.Enqueue(Assert.Single(events).Type);
            return Task.CompletedTask;
        }
    }
}
