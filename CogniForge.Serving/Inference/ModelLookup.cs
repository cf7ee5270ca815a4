using CogniForge.Serving.Models;
using CogniForge.Serving.Routing;

namespace CogniForge.Serving.Inference;

/// <summary>Finds versions by the strings of the protocol.</summary>
internal static class ModelLookup
{
    /// <summary>
    /// Finds a version by its number or an alias, or the newest that serves if <paramref name="version"/> is null; null
    /// if none exists.
    /// </summary>
    public static ValueTask<ModelVersion?> FindAsync(
        this ModelCatalog catalog,
        string name,
        string? version,
        CancellationToken cancellationToken
    ) => catalog.FindAsync(ModelReference.Parse(name, version), cancellationToken);

    /// <summary>The error of a version that does not exist.</summary>
    public static string DescribeUnknown(string name, string? version) =>
        ModelReference.Parse(name, version).DescribeUnknown();
}
