using CogniForge.ServiceDefaults.Audit;

namespace CogniForge.Serving.Models;

/// <summary>Moves aliases, and undoes moves.</summary>
internal sealed class AliasRegistry(IModelStore models, IEnumerable<IAliasUsage> usages)
{
    /// <summary>
    /// Moves an alias to a version; a new alias is created. Moving it to its own version changes nothing.
    /// </summary>
    /// <exception cref="RegistryException">
    /// The version is unknown, retired or failed, the alias has changed, or the model has too many.
    /// </exception>
    public async Task<ModelAlias> MoveAsync(
        string name,
        string alias,
        int version,
        Precondition precondition,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        ModelAlias? moved = null;
        await models.ChangeAsync(
            new(name, version, alias),
            state =>
            {
                var model = ModelRegistry.Require(state, name);
                precondition.Check(state.Current?.Id);
                CheckTarget(state.Version ?? throw RegistryException.UnknownVersion(name, version));
                if (state.Current is null && model.Aliases.Count >= AliasName.MaxAliases)
                {
                    throw new RegistryException(
                        RegistryErrorKind.Conflict,
                        $"Model '{name}' has {AliasName.MaxAliases} aliases, the maximum."
                    );
                }

                if (state.Current?.ToVersion == version)
                {
                    moved = new(alias, version, state.Current.Id);
                    return null;
                }

                var move = AliasMove.Create(state, name, alias, version, state.Current?.Id, isRollBack: false, request);
                moved = new(alias, version, move.Id);
                return ToChange(move, request);
            },
            cancellationToken
        );
        return moved!;
    }

    /// <summary>Returns an alias to where it stood before its last move that was not undone.</summary>
    /// <exception cref="RegistryException">There is no such move, or its version cannot have an alias.</exception>
    public async Task<ModelAlias> RollBackAsync(
        string name,
        string alias,
        Precondition precondition,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        ModelAlias? moved = null;
        await models.ChangeAsync(
            new(name, Alias: alias),
            state =>
            {
                RequireAlias(state, name, alias);
                precondition.Check(state.Current!.Id);
                if (state.Previous?.ToVersion is not { } version)
                {
                    throw new RegistryException(
                        RegistryErrorKind.Conflict,
                        $"Alias '{alias}' of model '{name}' has no earlier version."
                    );
                }

                CheckTarget(
                    state.Version
                        ?? throw new RegistryException(
                            RegistryErrorKind.Conflict,
                            $"Version {version}, for which alias '{alias}' stood before, no longer exists."
                        )
                );
                var previous = state.Previous.PreviousId;
                var move = AliasMove.Create(state, name, alias, version, previous, isRollBack: true, request);
                moved = new(alias, version, move.Id);
                return ToChange(move, request);
            },
            cancellationToken
        );
        return moved!;
    }

    /// <summary>Deletes an alias; its history remains.</summary>
    /// <exception cref="RegistryException">It is unknown, is used, or has changed.</exception>
    public async Task DeleteAsync(
        string name,
        string alias,
        Precondition precondition,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        await RequireUnusedAsync(name, alias, cancellationToken);
        await models.ChangeAsync(
            new(name, Alias: alias),
            state =>
            {
                RequireAlias(state, name, alias);
                precondition.Check(state.Current!.Id);
                return ToChange(
                    AliasMove.Create(state, name, alias, null, null, isRollBack: false, request),
                    request
                );
            },
            cancellationToken
        );
    }

    private async Task RequireUnusedAsync(string name, string alias, CancellationToken cancellationToken)
    {
        // An invalid name has neither aliases nor users.
        foreach (var usage in ModelName.IsValid(name) ? usages : [])
        {
            if (await usage.FindAliasUserAsync(name, alias, cancellationToken) is { } user)
            {
                throw new RegistryException(
                    RegistryErrorKind.Conflict,
                    $"Alias '{alias}' of model '{name}' is used by {user}."
                );
            }
        }
    }

    private static void RequireAlias(RegistryState state, string name, string alias)
    {
        ModelRegistry.Require(state, name);
        if (state.Current is null)
        {
            throw RegistryException.UnknownAlias(name, alias);
        }
    }

    private static void CheckTarget(ModelVersion version)
    {
        if (!VersionLifecycle.CanHaveAlias(version.State))
        {
            throw new RegistryException(
                RegistryErrorKind.Conflict,
                $"Version {version.Version} of model '{version.Name}' is {VersionRow.Write(version.State)}."
            );
        }
    }

    private static RegistryChange ToChange(AliasMove move, AuditedRequest request) =>
        new(
            request.ToEntry(
                $"models/{move.Model}/aliases/{move.Alias}",
                move.FromVersion is { } from ? new { version = from } : null,
                move.ToVersion is { } to ? new { version = to } : null
            ),
            []
        )
        {
            Move = move,
        };
}
