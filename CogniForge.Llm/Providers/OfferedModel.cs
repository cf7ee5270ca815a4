namespace CogniForge.Llm.Providers;

/// <summary>A model that a provider offers.</summary>
/// <param name="Id">The provider's name of the model.</param>
/// <param name="Created">When it was created, in seconds since the epoch; 0: unknown.</param>
/// <param name="DisplayName">The name for people; null: none.</param>
internal sealed record OfferedModel(string Id, long Created = 0, string? DisplayName = null);
