namespace CogniForge.Messaging;

/// <summary>A handler and what it subscribes to, for the bus inside one process.</summary>
internal sealed record InMemorySubscription(Subscription Subscription, Func<IEventHandler> Handler);
