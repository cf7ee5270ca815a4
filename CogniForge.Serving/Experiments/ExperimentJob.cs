using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.Serving.Experiments;

/// <summary>Ends experiments that harm a guard-rail, and updates the shares of bandits, on one replica.</summary>
internal sealed class ExperimentJob(
    IExperimentStore experiments,
    IExperimentData data,
    ILeaderLock leaders,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger<ExperimentJob> logger
) : LeaderJob("experiments", TimeSpan.FromSeconds(30), leaders, migrations, time, logger)
{
    private readonly TimeProvider _time = time;

    /// <summary>Evaluates all experiments that run.</summary>
    internal async Task EvaluateAsync(CancellationToken cancellationToken)
    {
        foreach (var experiment in await experiments.ListRunningAsync(cancellationToken))
        {
            var summary = await data.SummarizeAsync(experiment, cancellationToken);
            if (ExperimentAnalysis.FindHarm(experiment.Settings, summary) is { } harm)
            {
                await ChangeAsync(experiment, e => RollBack(e, harm.Reason), cancellationToken);
            }
            else if (
                experiment.Settings.Allocation == AllocationKind.Thompson
                && ExperimentAnalysis.Allocate(experiment.Settings, summary) is { } shares
            )
            {
                await ChangeAsync(experiment, e => new(SetShares(e, shares), null), cancellationToken);
            }
        }
    }

    protected override Task RunOnceAsync(CancellationToken cancellationToken) => EvaluateAsync(cancellationToken);

    private Task ChangeAsync(
        Experiment experiment,
        Func<Experiment, ExperimentChange> change,
        CancellationToken cancellationToken
    ) =>
        experiments.ChangeAsync(
            experiment.Name,
            now => now?.Id == experiment.Id && now.State == ExperimentState.Running ? change(now) : null,
            cancellationToken
        );

    private ExperimentChange RollBack(Experiment experiment, string reason)
    {
        var request = new AuditedRequest(
            new("service", "guard-rails", null),
            "RollBackExperiment",
            _time.GetUtcNow(),
            null
        );
        var after = (experiment with { State = ExperimentState.Stopped, StateReason = reason }).Touch(request.At);
        return new(
            after,
            request.ToEntry(
                $"experiments/{experiment.Name}",
                ExperimentResponse.From(experiment),
                ExperimentResponse.From(after)
            )
        );
    }

    // The revision stays: it stands for what people changed.
    private static Experiment SetShares(Experiment experiment, double[] shares) =>
        experiment with
        {
            Settings = experiment.Settings with
            {
                Variants = [.. experiment.Settings.Variants.Select((v, i) => v with { Share = shares[i] })],
            },
        };
}
