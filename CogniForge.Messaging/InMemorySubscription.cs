namespace CogniForge.Messaging;

/// <summary>A subscription and its handler, for <see cref="InMemoryEventBus"/>.</summary>
internal sealed record InMemorySubscription(Subscription Subscription, Func<IEventHandler> Handler);
