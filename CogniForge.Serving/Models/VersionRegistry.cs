using CogniForge.ServiceDefaults.Audit;

namespace CogniForge.Serving.Models;

/// <summary>Changes and deletes versions, and moves them through their life cycle.</summary>
internal sealed class VersionRegistry(
    IModelStore models,
    RegistryEvents events,
    IEnumerable<IVersionUsage> usages
)
{
    /// <summary>Changes what people wrote about a version; returning it unchanged stores nothing.</summary>
    /// <exception cref="RegistryException">The version is unknown, or has changed.</exception>
    public async Task<ModelVersion> ChangeAsync(
        string name,
        int version,
        Func<ModelVersion, ModelVersion> change,
        Precondition precondition,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        ModelVersion? after = null;
        await models.ChangeAsync(
            new(name, version),
            state =>
            {
                var before = Require(state, name, version);
                precondition.Check(before.Revision);
                after = change(before);
                if (ReferenceEquals(after, before))
                {
                    return null;
                }

                after = after.Touch(request.At);
                return new(
                    request.ToEntry(
                        ModelRegistry.Path(before),
                        VersionResponse.From(before),
                        VersionResponse.From(after)
                    ),
                    []
                )
                {
                    Version = after,
                };
            },
            cancellationToken
        );
        return after!;
    }

    /// <summary>Moves a version to another state; moving it to the state that it has changes nothing.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="version">The version number.</param>
    /// <param name="target">The state; see <see cref="VersionLifecycle"/>.</param>
    /// <param name="reason">Why; required for <see cref="VersionState.Failed"/>.</param>
    /// <param name="precondition">The condition of the change.</param>
    /// <param name="request">Who asks for it.</param>
    /// <param name="cancellationToken">Cancels the transaction.</param>
    /// <exception cref="RegistryException">The version is unknown or changed, or the move is not legal.</exception>
    public async Task<ModelVersion> MoveAsync(
        string name,
        int version,
        VersionState target,
        string? reason,
        Precondition precondition,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        ModelVersion? after = null;
        await models.ChangeAsync(
            new(name, version),
            state =>
            {
                var before = Require(state, name, version);
                precondition.Check(before.Revision);
                if (before.State == target)
                {
                    after = before;
                    return null;
                }

                VersionLifecycle.CheckMove(state.Model!, before, target);
                after = before.Touch(request.At) with { State = target, StateReason = reason };
                return new(
                    request.ToEntry(
                        ModelRegistry.Path(before),
                        VersionResponse.From(before),
                        VersionResponse.From(after)
                    ),
                    events.Promoted(after)
                )
                {
                    Version = after,
                };
            },
            cancellationToken
        );
        return after!;
    }

    /// <summary>Attaches the artefact to a version.</summary>
    /// <returns>The version. It keeps an artefact with the same SHA-256 that it already has.</returns>
    /// <exception cref="RegistryException">The version is unknown, or has another artefact.</exception>
    public Task<ModelVersion> AttachAsync(
        string name,
        int version,
        Artifact artifact,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            name,
            version,
            before =>
                before.Artifact is null ? before with { Artifact = artifact }
                : before.Artifact.Sha256 == artifact.Sha256 ? before
                : throw new RegistryException(
                    RegistryErrorKind.Conflict,
                    $"Version {version} of model '{name}' has another artefact; register a new version."
                ),
            Precondition.None,
            request,
            cancellationToken
        );

    /// <summary>Deletes a version.</summary>
    /// <exception cref="RegistryException">It is unknown or changed, is used, has an alias, or serves.</exception>
    public async Task DeleteAsync(
        string name,
        int version,
        Precondition precondition,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        await usages.RequireUnusedAsync(name, version, cancellationToken);
        await models.ChangeAsync(
            new(name, version),
            state =>
            {
                var deleted = Require(state, name, version);
                precondition.Check(deleted.Revision);
                VersionLifecycle.CheckUnaliased(state.Model!, version);
                if (deleted.State is VersionState.Serving or VersionState.Draining)
                {
                    throw new RegistryException(
                        RegistryErrorKind.Conflict,
                        $"Version {version} of model '{name}' is {VersionRow.Write(deleted.State)}; retire it first."
                    );
                }

                return new(request.ToEntry(ModelRegistry.Path(deleted), before: VersionResponse.From(deleted)), [])
                {
                    DeletedVersion = deleted,
                };
            },
            cancellationToken
        );
    }

    private static ModelVersion Require(RegistryState state, string name, int version) =>
        state.Model is null ? throw RegistryException.UnknownModel(name)
        : state.Version ?? throw RegistryException.UnknownVersion(name, version);
}
