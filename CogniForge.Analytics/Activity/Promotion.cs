namespace CogniForge.Analytics.Activity;

/// <summary>The fields that analytics reads when a model version begins to serve.</summary>
internal sealed record Promotion(Guid Id, DateTimeOffset OccurredAt, string Model, int Version);
