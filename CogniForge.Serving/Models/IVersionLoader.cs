namespace CogniForge.Serving.Models;

/// <summary>Loads versions before they get traffic.</summary>
internal interface IVersionLoader
{
    /// <summary>Waits until a version is loaded, or has failed to load.</summary>
    /// <returns>The reason if it failed; otherwise null.</returns>
    Task<string?> PreloadAsync(ModelVersion version, CancellationToken cancellationToken);
}
