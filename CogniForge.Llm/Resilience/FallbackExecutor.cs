using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Telemetry;

namespace CogniForge.Llm.Resilience;

/// <summary>Calls a route's targets: retries each according to the retry policy, then falls back to the next.</summary>
internal sealed class FallbackExecutor(
    TargetHealthRegistry healthRegistry,
    GatewayTelemetry telemetry,
    TimeProvider time
)
{
    /// <summary>Calls one target after another until one succeeds or all have failed.</summary>
    /// <param name="caller">The id of the caller's API key.</param>
    /// <param name="targets">The targets in the order in which to call them, at least one.</param>
    /// <param name="attempt">Makes one attempt at a target.</param>
    /// <param name="deadline">When the total timeout expires.</param>
    /// <param name="cancellationToken">Cancelled when the client disconnects.</param>
    /// <returns>
    /// The result of the target called last; that of an open circuit only if no target was called.
    /// </returns>
    /// <exception cref="OperationCanceledException">The client disconnected.</exception>
    /// <exception cref="UnsupportedByProviderException">
    /// The last target's protocol does not support a field of the request.
    /// </exception>
    public async Task<FallbackResult> ExecuteAsync(
        string caller,
        IReadOnlyList<ResolvedTarget> targets,
        Func<ResolvedTarget, CancellationToken, Task<AttemptResult>> attempt,
        DateTimeOffset deadline,
        CancellationToken cancellationToken
    )
    {
        AttemptResult? last = null;
        var called = targets[0];
        var retryDelay = TimeSpan.Zero;
        for (var i = 0; i < targets.Count; i++)
        {
            var target = targets[i];
            var health = healthRegistry.Get(target.Id);
            var hasOther = i + 1 < targets.Count;
            if (hasOther && health.CooldownUntil is not null)
            {
                continue;
            }

            health.Retries.Earn();
            for (var attempts = 1; ; attempts++)
            {
                AttemptResult result;
                try
                {
                    result = await health.ExecuteAsync(caller, token => attempt(target, token), cancellationToken);
                }
                catch (UnsupportedByProviderException) when (hasOther)
                {
                    break; // the next target's protocol may support it
                }

                health.CoolDown(result.Cooldown);
                if (result.Error is not { } error || result.IsLast)
                {
                    return new(target, result, retryDelay);
                }

                // A failure of a target that was called helps the client more than an open circuit.
                if (last is null || error.Category != ErrorCategory.CircuitOpen)
                {
                    (called, last) = (target, result);
                }

                telemetry.RecordAttemptError(target, error);
                var isTargetFault = error.IsTargetFault ?? true;
                if (isTargetFault)
                {
                    health.CoolDown(error);
                }

                var decision = RetryPolicy.Decide(
                    error,
                    result.HasBegun,
                    attempts,
                    hasOther,
                    deadline - time.GetUtcNow(),
                    Random.Shared.NextDouble()
                );
                if (decision is RetryDecision.GiveUp)
                {
                    return new(target, result, retryDelay);
                }

                if (decision is not RetryDecision.Retry(var delay) || (isTargetFault && !health.Retries.TryTake()))
                {
                    break;
                }

                telemetry.RecordRetry(target, error);
                retryDelay += delay;
                await Task.Delay(delay, time, cancellationToken);
            }

            if (last is not null && deadline <= time.GetUtcNow())
            {
                break;
            }

            if (hasOther)
            {
                telemetry.RecordFallback(target, targets[i + 1]);
            }
        }

        return new(called, last!, retryDelay);
    }
}
