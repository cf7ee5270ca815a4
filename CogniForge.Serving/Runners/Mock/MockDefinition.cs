namespace CogniForge.Serving.Runners.Mock;

/// <summary>The definition of a mock model.</summary>
/// <param name="DelayMs">The time in milliseconds that each inference takes. Default: 0.</param>
/// <param name="Error">The error of each inference; null: none.</param>
internal sealed record MockDefinition(int DelayMs = 0, string? Error = null);
