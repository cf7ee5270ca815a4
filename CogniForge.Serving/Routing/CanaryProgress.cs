namespace CogniForge.Serving.Routing;

/// <summary>How far a canary is.</summary>
/// <param name="Status">running, completed or rolledBack.</param>
/// <param name="Step">The number of the step, from 0.</param>
/// <param name="Share">The canary's share of the requests in percent.</param>
/// <param name="Reason">Why it was rolled back; null: it was not.</param>
/// <param name="Since">When the step or the status began, UTC.</param>
internal sealed record CanaryProgress(
    CanaryStatus Status,
    int Step,
    double Share,
    string? Reason,
    DateTimeOffset Since
)
{
    public static CanaryProgress From(CanaryState state) =>
        new(state.Status, state.Step, state.Share, state.Reason, state.Since);
}
