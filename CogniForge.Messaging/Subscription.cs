namespace CogniForge.Messaging;

/// <summary>A durable queue and what flows into it. All replicas of a service share its queues.</summary>
/// <param name="Queue">The queue's name, e.g. <c>analytics.completions</c>.</param>
/// <param name="EventTypes">The types of events, which are routing keys.</param>
public sealed record Subscription(string Queue, params IReadOnlyList<string> EventTypes);
