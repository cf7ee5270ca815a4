using CogniForge.ServiceDefaults.Audit;

namespace CogniForge.Serving.Models;

/// <summary>Registers, changes and deletes models and versions.</summary>
internal sealed class ModelRegistry(
    IModelStore models,
    RegistryEvents events,
    IEnumerable<IVersionUsage> usages
)
{
    /// <summary>Registers a model, with its first version if one is given.</summary>
    /// <remarks>A first version that needs no loading serves at once.</remarks>
    /// <exception cref="RegistryException">A model with that name exists.</exception>
    public async Task<RegisteredModel> RegisterAsync(
        string name,
        string? description,
        IReadOnlyDictionary<string, string>? tags,
        VersionSpec? first,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        var model = RegisteredModel.Create(name, description, tags, request.At);
        var version = first is null ? null : Create(model, first, request.At);
        if (version is not null)
        {
            var isServing = ModelKind.IsInline(version.Kind);
            version = version with { State = isServing ? VersionState.Serving : VersionState.Registered };
            model = model with { LastVersion = 1, LatestVersion = 1, ServingVersion = isServing ? 1 : null };
        }

        await models.ChangeAsync(
            new(name),
            state =>
                state.Model is not null
                    ? throw new RegistryException(
                        RegistryErrorKind.Exists,
                        $"A model named '{name}' already exists."
                    )
                    : new(
                        request.ToEntry($"models/{name}", after: ModelResponse.From(model)),
                        version is null ? [] : events.Promoted(version)
                    )
                    {
                        Model = model,
                        Version = version,
                    },
            cancellationToken
        );
        return model;
    }

    /// <summary>Registers a version with the next number.</summary>
    /// <exception cref="RegistryException">The model is unknown.</exception>
    public async Task<ModelVersion> AddVersionAsync(
        string name,
        VersionSpec spec,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        ModelVersion? version = null;
        await models.ChangeAsync(
            new(name),
            state =>
            {
                var model = Require(state, name);
                version = Create(model, spec, request.At);
                return new(request.ToEntry(Path(version), after: VersionResponse.From(version)), [])
                {
                    Model = model with
                    {
                        LastVersion = version.Version,
                        UpdatedAt = StoredTime.Truncate(request.At),
                    },
                    Version = version,
                };
            },
            cancellationToken
        );
        return version!;
    }

    /// <summary>Changes what people wrote about a model; null leaves a part as it is.</summary>
    /// <exception cref="RegistryException">The model is unknown, or has changed.</exception>
    public async Task<RegisteredModel> ChangeAsync(
        string name,
        Func<RegisteredModel, RegisteredModel> change,
        Precondition precondition,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        RegisteredModel? after = null;
        await models.ChangeAsync(
            new(name),
            state =>
            {
                var before = Require(state, name);
                precondition.Check(before.Revision);
                after = change(before).Touch(request.At);
                return new(
                    request.ToEntry($"models/{name}", ModelResponse.From(before), ModelResponse.From(after)),
                    []
                )
                {
                    Model = after,
                };
            },
            cancellationToken
        );
        return after!;
    }

    /// <summary>Deletes a model with its versions.</summary>
    /// <exception cref="RegistryException">
    /// It is unknown or changed, is used, has an alias, or a version serves.
    /// </exception>
    public async Task DeleteAsync(
        string name,
        Precondition precondition,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        await usages.RequireUnusedAsync(name, null, cancellationToken);
        await models.ChangeAsync(
            new(name),
            state =>
            {
                var model = Require(state, name);
                precondition.Check(model.Revision);
                if (model.Aliases is [var alias, ..])
                {
                    throw new RegistryException(
                        RegistryErrorKind.Conflict,
                        $"Model '{name}' has the alias '{alias.Name}'; delete its aliases first."
                    );
                }

                if (model.ServingVersion is { } serving)
                {
                    throw new RegistryException(
                        RegistryErrorKind.Conflict,
                        $"Version {serving} of model '{name}' is serving; drain it first."
                    );
                }

                return new(request.ToEntry($"models/{name}", before: ModelResponse.From(model)), [])
                {
                    DeletedModel = model,
                };
            },
            cancellationToken
        );
    }

    /// <summary>The model of a loaded state.</summary>
    /// <exception cref="RegistryException">It is unknown.</exception>
    public static RegisteredModel Require(RegistryState state, string name) =>
        state.Model ?? throw RegistryException.UnknownModel(name);

    /// <summary>The resource of a version in the audit.</summary>
    public static string Path(ModelVersion version) => $"models/{version.Name}/versions/{version.Version}";

    private static ModelVersion Create(RegisteredModel model, VersionSpec spec, DateTimeOffset now) =>
        ModelVersion.Create(model.Name, model.LastVersion + 1, spec.Kind, spec.Definition, spec.Details, now) with
        {
            Description = spec.Description ?? "",
            Tags = spec.Tags ?? new Dictionary<string, string>(),
        };
}
