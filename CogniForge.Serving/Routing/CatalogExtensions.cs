using CogniForge.Serving.Models;

namespace CogniForge.Serving.Routing;

/// <summary>Finds what references name.</summary>
internal static class CatalogExtensions
{
    /// <summary>Finds the version of a reference, or the newest that serves if it names none; null: none.</summary>
    public static ValueTask<ModelVersion?> FindAsync(
        this ModelCatalog catalog,
        ModelReference reference,
        CancellationToken cancellationToken
    ) =>
        reference.Alias is { } alias
            ? catalog.FindByAliasAsync(reference.Name, alias, cancellationToken)
            : catalog.FindAsync(reference.Name, reference.Version, cancellationToken);
}
