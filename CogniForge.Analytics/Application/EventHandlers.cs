using CogniForge.Analytics.Domain;
using CogniForge.ServiceDefaults.Messaging;

namespace CogniForge.Analytics.Application;

/// <summary>Stores what clients sent in.</summary>
internal sealed class StoreUserEvents(IUserEventStore store) : IEventHandler
{
    public Task HandleAsync(IReadOnlyList<CloudEvent> events, CancellationToken cancellationToken) =>
        store.AddAsync([.. events.SelectMany(e => e.Read<UserEvent[]>())], cancellationToken);
}

/// <summary>Stores what the gateway answered.</summary>
internal sealed class StoreCompletions(IActivityStore store) : IEventHandler
{
    public Task HandleAsync(IReadOnlyList<CloudEvent> events, CancellationToken cancellationToken) =>
        store.AddAsync([.. events.SelectMany(e => e.Read<Completion[]>()).Where(c => c.IsAnswered)], cancellationToken);
}

/// <summary>Stores what the models scored.</summary>
internal sealed class StoreInferences(IActivityStore store) : IEventHandler
{
    public Task HandleAsync(IReadOnlyList<CloudEvent> events, CancellationToken cancellationToken) =>
        store.AddAsync([.. events.SelectMany(e => e.Read<Inference[]>())], cancellationToken);
}

/// <summary>Stores which model versions began to serve.</summary>
internal sealed class StorePromotions(IActivityStore store) : IEventHandler
{
    public Task HandleAsync(IReadOnlyList<CloudEvent> events, CancellationToken cancellationToken) =>
        store.AddAsync([.. events.Select(e => e.Read<Promotion>())], cancellationToken);
}
