namespace CogniForge.Serving.Routing;

/// <summary>How far a canary is.</summary>
/// <param name="StepId">Identifies the step, whose requests are counted under it.</param>
/// <param name="Step">The number of the step, from 0.</param>
/// <param name="Share">The canary's share of the requests in percent.</param>
/// <param name="Status">The status.</param>
/// <param name="Reason">Why it was rolled back; null: it was not.</param>
/// <param name="Since">When the step or the status began, UTC.</param>
internal sealed record CanaryState(
    Guid StepId,
    int Step,
    double Share,
    CanaryStatus Status,
    string? Reason,
    DateTimeOffset Since
)
{
    /// <summary>The first step of a plan.</summary>
    public static CanaryState Start(CanaryPlan plan, DateTimeOffset now) =>
        new(Guid.CreateVersion7(now), 0, plan.Steps![0], CanaryStatus.Running, null, now);

    /// <summary>The step after this one; after the last, the canary is completed.</summary>
    public CanaryState Advance(CanaryPlan plan, DateTimeOffset now) =>
        Step + 1 < plan.Steps!.Count
            ? new(Guid.CreateVersion7(now), Step + 1, plan.Steps[Step + 1], CanaryStatus.Running, null, now)
            : this with
            {
                Share = 100,
                Status = CanaryStatus.Completed,
                Since = now,
            };

    /// <summary>The canary gets no further requests.</summary>
    public CanaryState RollBack(string reason, DateTimeOffset now) =>
        this with
        {
            Share = 0,
            Status = CanaryStatus.RolledBack,
            Reason = reason,
            Since = now,
        };
}
