namespace CogniForge.Serving.Models;

/// <summary>Checks that nothing uses what is to be deleted.</summary>
internal static class VersionUsageExtensions
{
    /// <summary>Refuses to delete a version, or a model if <paramref name="version"/> is null.</summary>
    /// <exception cref="RegistryException">Something uses it.</exception>
    public static async Task RequireUnusedAsync(
        this IEnumerable<IVersionUsage> usages,
        string model,
        int? version,
        CancellationToken cancellationToken
    )
    {
        if (!ModelName.IsValid(model))
        {
            return; // such a model cannot exist
        }

        foreach (var usage in usages)
        {
            if (await usage.FindUserAsync(model, version, cancellationToken) is { } user)
            {
                var used = version is null ? $"Model '{model}'" : $"Version {version} of model '{model}'";
                throw new RegistryException(RegistryErrorKind.Conflict, $"{used} is used by {user}.");
            }
        }
    }
}
