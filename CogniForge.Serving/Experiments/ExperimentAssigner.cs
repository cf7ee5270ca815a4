using CogniForge.Messaging.Journal;
using CogniForge.Serving.Models;
using Microsoft.Extensions.Caching.Memory;

namespace CogniForge.Serving.Experiments;

/// <summary>Assigns units to variants, and records which units got them.</summary>
internal sealed class ExperimentAssigner(
    ExperimentCatalog experiments,
    ModelCatalog models,
    Journal<Exposure> journal,
    TimeProvider time
) : IDisposable
{
    private const int MaxRecent = 100_000;
    private const int MaxRequestId = 256;
    private static readonly TimeSpan _recent = TimeSpan.FromHours(1);
    private readonly MemoryCache _exposed = new(new MemoryCacheOptions { SizeLimit = MaxRecent });

    public void Dispose() => _exposed.Dispose();

    /// <summary>
    /// Finds the variant of a request's unit in the experiment that runs on a model, and journals that it got it.
    /// </summary>
    /// <returns>The assignment; null: the unit takes no part.</returns>
    /// <exception cref="JournalFullException">It cannot be recorded, so no response may be sent.</exception>
    public async ValueTask<Assignment?> AssignAndExposeAsync(
        string model,
        ExperimentUnit unit,
        string? requestId,
        CancellationToken cancellationToken
    )
    {
        if (
            await experiments.FindRunningAsync(model, cancellationToken) is not { } experiment
            || await AssignAsync(experiment, unit, cancellationToken) is not { } assignment
        )
        {
            return null;
        }

        Expose(assignment, requestId);
        return assignment;
    }

    /// <summary>Finds the variant of a unit in an experiment; null: it takes no part.</summary>
    public async ValueTask<Assignment?> AssignAsync(
        Experiment experiment,
        ExperimentUnit unit,
        CancellationToken cancellationToken
    ) =>
        experiment.Assign(unit) is { } variant
        && await models.FindAsync(experiment.Model, variant.Version, cancellationToken) is { } version
        && VersionLifecycle.CanHaveAlias(version.State)
            ? new(experiment, variant, unit, version)
            : null;

    /// <summary>Journals that a unit got its variant: once per unit, and once per request that has an id.</summary>
    /// <exception cref="JournalFullException">It cannot be recorded, so no response may be sent.</exception>
    public void Expose(Assignment assignment, string? requestId)
    {
        var (experiment, variant, unit, _) = assignment;
        if (requestId?.Length is 0 or > MaxRequestId || requestId?.Contains('\0', StringComparison.Ordinal) == true)
        {
            requestId = null; // no outcome can refer to it
        }

        var key = (experiment.Id, unit.Id, variant.Name);
        if (requestId is null && _exposed.TryGetValue(key, out _))
        {
            return;
        }

        journal.Append(
            new(experiment.Id, unit.Id, variant.Name!, requestId, ReadCovariates(assignment), time.GetUtcNow())
        );
        _exposed.Set(
            key,
            true,
            new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = _recent }
        );
    }

    private static Dictionary<string, double>? ReadCovariates(Assignment assignment)
    {
        Dictionary<string, double>? covariates = null;
        foreach (var metric in assignment.Experiment.Settings.GetMetrics())
        {
            if (
                metric.Covariate is { } attribute
                && TargetingCondition.Parse(assignment.Unit.Attributes.GetValueOrDefault(attribute)) is { } value
                && Math.Abs(value) <= Outcome.MaxValue
            )
            {
                (covariates ??= [])[metric.Name!] = value;
            }
        }

        return covariates;
    }
}
