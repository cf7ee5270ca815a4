namespace CogniForge.Llm.Protocols;

/// <summary>What a provider reports that it charges for a response.</summary>
/// <param name="Amount">The amount.</param>
/// <param name="IsUsd">Whether it is surely in USD; otherwise the currency depends on the provider.</param>
internal readonly record struct ReportedCost(decimal Amount, bool IsUsd);
