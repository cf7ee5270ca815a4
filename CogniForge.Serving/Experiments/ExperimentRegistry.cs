using CogniForge.ServiceDefaults.Audit;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Experiments;

/// <summary>Creates, changes and deletes experiments, and moves them through their states.</summary>
internal sealed class ExperimentRegistry(IExperimentStore experiments, IModelStore models, AliasRegistry aliases)
    : IVersionUsage
{
    /// <summary>Creates a draft.</summary>
    /// <exception cref="RegistryException">An experiment with that name exists.</exception>
    public async Task<Experiment> CreateAsync(
        string name,
        string model,
        ExperimentSettings settings,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        var created = Experiment.Create(name, model, settings, request.At);
        await experiments.ChangeAsync(
            name,
            before =>
                before is not null
                    ? throw new RegistryException(
                        RegistryErrorKind.Exists,
                        $"An experiment named '{name}' already exists."
                    )
                    : new(created, ToEntry(request, null, created)),
            cancellationToken
        );
        return created;
    }

    /// <summary>Changes an experiment; returning it unchanged stores nothing.</summary>
    /// <exception cref="RegistryException">It is unknown or has changed, or the change is refused.</exception>
    public async Task<Experiment> ChangeAsync(
        string name,
        Func<Experiment, Experiment> change,
        Precondition precondition,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        Experiment? after = null;
        await experiments.ChangeAsync(
            name,
            before =>
            {
                precondition.Check((before ?? throw ExperimentErrors.Unknown(name)).Revision);
                after = change(before);
                if (after == before)
                {
                    return null;
                }

                after = after.Touch(request.At);
                return new(after, ToEntry(request, before, after));
            },
            cancellationToken
        );
        return after!;
    }

    /// <summary>Starts an experiment, or resumes it; one that runs stays as it is.</summary>
    /// <exception cref="RegistryException">
    /// It is unknown, changed or stopped, a version cannot serve, or the model runs another experiment.
    /// </exception>
    public async Task<Experiment> StartAsync(
        string name,
        Precondition precondition,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        var experiment = await experiments.RequireAsync(name, cancellationToken);
        foreach (var variant in experiment.Settings.Variants)
        {
            var version =
                await models.FindAsync(experiment.Model, variant.Version, cancellationToken)
                ?? throw ExperimentErrors.Conflict(
                    $"Model '{experiment.Model}' has no version {variant.Version}, of variant '{variant.Name}'."
                );
            if (!VersionLifecycle.CanHaveAlias(version.State))
            {
                throw ExperimentErrors.Conflict(
                    $"Version {version.Version} of model '{version.Name}' is {VersionRow.Write(version.State)}."
                );
            }
        }

        return await ChangeAsync(
            name,
            e =>
                e.State == ExperimentState.Stopped
                    ? throw ExperimentErrors.Conflict($"Experiment '{name}' has ended; create a new one.")
                    : e with
                    {
                        State = ExperimentState.Running,
                        StartedAt = e.StartedAt ?? StoredTime.Truncate(request.At),
                    },
            precondition,
            request,
            cancellationToken
        );
    }

    /// <summary>Pauses an experiment; one that is paused stays as it is.</summary>
    /// <exception cref="RegistryException">It is unknown or changed, or does not run.</exception>
    public Task<Experiment> PauseAsync(
        string name,
        Precondition precondition,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            name,
            e =>
                e.State is ExperimentState.Running or ExperimentState.Paused
                    ? e with { State = ExperimentState.Paused }
                    : throw ExperimentErrors.Conflict($"Experiment '{name}' does not run."),
            precondition,
            request,
            cancellationToken
        );

    /// <summary>Ends an experiment; one that has ended stays as it is.</summary>
    /// <exception cref="RegistryException">It is unknown or changed, or was never started.</exception>
    public Task<Experiment> StopAsync(
        string name,
        string? reason,
        Precondition precondition,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) => ChangeAsync(name, e => Stop(e, reason), precondition, request, cancellationToken);

    /// <summary>Moves an alias to the version of a variant, and ends the experiment.</summary>
    /// <exception cref="RegistryException">It, its variant or version are unknown, or it has changed.</exception>
    public async Task<Experiment> PromoteAsync(
        string name,
        string variant,
        string alias,
        Precondition precondition,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        var experiment = await experiments.RequireAsync(name, cancellationToken);
        precondition.Check(experiment.Revision);
        Stop(experiment, null);
        var winner =
            experiment.Settings.Variants.FirstOrDefault(v => v.Name == variant)
            ?? throw ExperimentErrors.UnknownVariant(experiment, variant);

        // The alias first: a repeated call moves it to where it stands, and then ends the experiment.
        await aliases.MoveAsync(
            experiment.Model,
            alias,
            winner.Version,
            Precondition.None,
            request,
            cancellationToken
        );
        return await ChangeAsync(
            name,
            e => Stop(e, null) with { Promoted = variant },
            precondition,
            request,
            cancellationToken
        );
    }

    /// <summary>Deletes an experiment that does not run, with its data.</summary>
    /// <exception cref="RegistryException">It is unknown or has changed, or it runs.</exception>
    public Task DeleteAsync(
        string name,
        Precondition precondition,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        experiments.ChangeAsync(
            name,
            before =>
            {
                precondition.Check((before ?? throw ExperimentErrors.Unknown(name)).Revision);
                return before.State == ExperimentState.Running
                    ? throw ExperimentErrors.Conflict($"Experiment '{name}' runs; stop it first.")
                    : new(null, ToEntry(request, before, null), before);
            },
            cancellationToken
        );

    /// <inheritdoc/>
    /// <remarks>An experiment that has ended needs its versions no more.</remarks>
    public async Task<string?> FindUserAsync(string model, int? version, CancellationToken cancellationToken) =>
        (await experiments.ListOpenAsync(model, cancellationToken)).FirstOrDefault(e =>
            version is null || e.Settings.Variants.Any(v => v.Version == version)
        )
            is { } user
            ? $"experiment '{user.Name}'"
            : null;

    private static Experiment Stop(Experiment experiment, string? reason) =>
        experiment.State switch
        {
            ExperimentState.Draft => throw ExperimentErrors.Conflict(
                $"Experiment '{experiment.Name}' was never started."
            ),
            ExperimentState.Stopped => experiment,
            _ => experiment with { State = ExperimentState.Stopped, StateReason = reason },
        };

    private static AuditEntry ToEntry(AuditedRequest request, Experiment? before, Experiment? after) =>
        request.ToEntry(
            $"experiments/{(after ?? before)!.Name}",
            before is null ? null : ExperimentResponse.From(before),
            after is null ? null : ExperimentResponse.From(after)
        );
}
