namespace CogniForge.Serving.Models;

/// <summary>A version that takes time to load.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The model's name.</param>
/// <param name="Version">The version number.</param>
/// <param name="Revision">Changes with the version.</param>
/// <param name="Bytes">The size of its file; 0: it has none.</param>
internal sealed record LoadableVersion(Guid Id, string Name, int Version, Guid Revision, long Bytes);
