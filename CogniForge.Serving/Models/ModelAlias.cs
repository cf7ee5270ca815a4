namespace CogniForge.Serving.Models;

/// <summary>A name that stands for a version of a model.</summary>
/// <param name="Name">The alias; see <see cref="AliasName"/>.</param>
/// <param name="Version">The version it stands for.</param>
/// <param name="MoveId">The move that made it so: its entity tag.</param>
internal sealed record ModelAlias(string Name, int Version, Guid MoveId);
