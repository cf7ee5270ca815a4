using System.Globalization;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Inference;

/// <summary>Finds versions by the strings of the protocol.</summary>
internal static class ModelLookup
{
    /// <summary>Finds a version, or the newest if <paramref name="version"/> is null; null if none exists.</summary>
    public static async ValueTask<ModelVersion?> FindAsync(
        this ModelCatalog catalog,
        string name,
        string? version,
        CancellationToken cancellationToken
    ) =>
        version is null ? await catalog.ExecuteAsync(name, null, cancellationToken)
        : int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? await catalog.ExecuteAsync(name, number, cancellationToken)
        : null;

    /// <summary>The error of a version that does not exist.</summary>
    public static string DescribeUnknown(string name, string? version) =>
        version is null ? $"Model '{name}' does not exist." : $"Model '{name}' has no version '{version}'.";
}
