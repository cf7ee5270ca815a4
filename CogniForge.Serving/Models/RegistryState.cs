namespace CogniForge.Serving.Models;

/// <summary>The stored state of a <see cref="RegistryKey"/>, locked until the change is stored.</summary>
/// <param name="Model">The model; null: unknown.</param>
/// <param name="Version">The version without its definition; null: unknown or not asked for.</param>
/// <param name="Current">The move that made the alias what it is; null: the alias does not exist.</param>
/// <param name="Previous">The move to which a roll-back returns; null: there is none.</param>
internal sealed record RegistryState(
    RegisteredModel? Model,
    ModelVersion? Version,
    AliasMove? Current,
    AliasMove? Previous
);
