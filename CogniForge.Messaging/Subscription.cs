namespace CogniForge.Messaging;

/// <summary>A durable queue and its event types. All replicas of a service share its queues.</summary>
/// <param name="Queue">The queue's name, e.g. <c>analytics.completions</c>.</param>
/// <param name="EventTypes">The event types, which are the routing keys.</param>
public sealed record Subscription(string Queue, params IReadOnlyList<string> EventTypes);
