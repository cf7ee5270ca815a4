namespace CogniForge.Llm.Configuration;

/// <summary>A change of one setting.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Which one.</param>
/// <param name="Document">What it is from now on; null: it is removed.</param>
internal sealed record ConfigChange(string Kind, string Name, string? Document);
