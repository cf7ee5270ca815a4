namespace CogniForge.Serving.Models;

/// <summary>What a change concerns.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The version. Default: the version to which a roll-back of the alias returns.</param>
/// <param name="Alias">The alias, if any.</param>
internal sealed record RegistryKey(string Model, int? Version = null, string? Alias = null);
