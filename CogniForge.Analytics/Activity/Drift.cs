namespace CogniForge.Analytics.Activity;

/// <summary>The fields that analytics reads when a model begins to drift.</summary>
internal sealed record Drift(Guid Id, DateTimeOffset OccurredAt, string Model);
