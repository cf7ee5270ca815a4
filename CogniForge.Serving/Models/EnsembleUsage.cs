namespace CogniForge.Serving.Models;

/// <summary>Keeps members of ensembles from being deleted.</summary>
internal sealed class EnsembleUsage(IModelStore models) : IVersionUsage
{
    public async Task<string?> FindUserAsync(string model, int? version, CancellationToken cancellationToken)
    {
        var ensembles = await models.ListEnsemblesAsync(model, cancellationToken);
        return ensembles.FirstOrDefault(e => HasMember(e, model, version)) is { } user
            ? $"version {user.Version} of the ensemble '{user.Name}'"
            : null;
    }

    private static bool HasMember(ModelVersion ensemble, string model, int? version) =>
        RegistryJson
            .Read<EnsembleDefinition>(ensemble.Definition!)
            .Members!.Any(m => m!.Model == model && (version is null || m.Version == version));
}
