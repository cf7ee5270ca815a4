using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Postgres;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Routing.Canaries;

/// <summary>Lets the shares of canaries grow while their guard-rails hold, and rolls back when they do not.</summary>
internal sealed partial class CanaryJob(
    IRoutingStore routings,
    ICanaryStore traffic,
    ILeaderLock leaders,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger<CanaryJob> logger
) : LeaderJob("canaries", TimeSpan.FromSeconds(5), leaders, migrations, time, logger)
{
    // A step may wait for requests as long as its maximum time, so its counts are kept longer.
    private static readonly TimeSpan _kept = TimeSpan.FromDays(14);

    private static readonly AuditActor _actor = new("canary", "canary", null);
    private readonly TimeProvider _time = time;
    private readonly ILogger _logger = logger;

    /// <summary>Evaluates the running canaries once.</summary>
    internal async Task EvaluateAsync(CancellationToken cancellationToken)
    {
        foreach (var routing in await routings.ListRunningCanariesAsync(cancellationToken))
        {
            await EvaluateAsync(routing, cancellationToken);
        }

        await traffic.DeleteAsync(_time.GetUtcNow() - _kept, cancellationToken);
    }

    protected override Task RunOnceAsync(CancellationToken cancellationToken) => EvaluateAsync(cancellationToken);

    private async Task EvaluateAsync(ModelRouting routing, CancellationToken cancellationToken)
    {
        var (plan, state) = (routing.Policy.Canary!, routing.Canary!);
        var (stable, canary) = await traffic.ReadAsync(state.StepId, cancellationToken);
        var now = StoredTime.Truncate(_time.GetUtcNow());
        var isOver = now - state.Since >= TimeSpan.FromSeconds(plan.StepSeconds ?? CanaryPlan.DefaultStepSeconds);
        var next =
            CanaryGuard.FindBroken(plan, stable, canary) is { } broken ? state.RollBack(broken, now)
            : isOver && CanaryGuard.HasEnough(plan, canary) ? state.Advance(plan, now)
            : null;
        if (next is null)
        {
            return;
        }

        await routings.ChangeAsync(
            routing.Model,
            before => before?.Canary == state ? Change(before, next, now) : null,
            cancellationToken
        );
        Log.Changed(_logger, routing.Model, next.Status, next.Share, next.Reason ?? "the guard-rails hold");
    }

    private static RoutingChange Change(ModelRouting before, CanaryState next, DateTimeOffset now)
    {
        var after = before with { Canary = next, Revision = Guid.CreateVersion7(now), UpdatedAt = now };
        var action = next.Status switch
        {
            CanaryStatus.RolledBack => "RollBackCanary",
            CanaryStatus.Completed => "CompleteCanary",
            _ => "AdvanceCanary",
        };
        return new(
            after,
            new AuditedRequest(_actor, action, now, null).ToEntry(
                RoutingRegistry.Path(before.Model),
                CanaryProgress.From(before.Canary!),
                CanaryProgress.From(next)
            )
        );
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.CanaryChanged,
            LogLevel.Information,
            "Canary of model {Model}: {Status} at {Share} %, because: {Reason}"
        )]
        public static partial void Changed(
            ILogger logger,
            string model,
            CanaryStatus status,
            double share,
            string reason
        );
    }
}
