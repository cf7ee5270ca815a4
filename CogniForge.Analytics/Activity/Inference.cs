namespace CogniForge.Analytics.Activity;

/// <summary>What this service reads of an inference that a model made.</summary>
internal sealed record Inference(Guid Id, DateTimeOffset OccurredAt, string Model, int Version, int Rows);
