namespace CogniForge.Analytics.Activity;

/// <summary>What this service reads of a model version that began to serve.</summary>
internal sealed record Promotion(Guid Id, DateTimeOffset OccurredAt, string Model, int Version);
