namespace CogniForge.Analytics.Activity;

/// <summary>The fields that analytics reads of an inference.</summary>
internal sealed record Inference(Guid Id, DateTimeOffset OccurredAt, string Model, int Version, int Rows);
