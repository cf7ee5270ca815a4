using CogniForge.Llm.Gateway;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Telemetry;

namespace CogniForge.Llm.Resilience;

/// <summary>Calls a route's targets: retries each according to the retry policy, then falls back to the next.</summary>
internal sealed class FallbackExecutor(
    TargetHealthRegistry healthRegistry,
    ProviderAttempt providerAttempt,
    GatewayTelemetry telemetry,
    TimeProvider time
)
{
    /// <summary>Calls one target after another until one succeeds or all have failed.</summary>
    /// <param name="context">The request.</param>
    /// <param name="targets">The targets in the order in which to call them, at least one.</param>
    /// <returns>
    /// The target called last and its result; an open circuit is returned only if no target was called.
    /// </returns>
    /// <exception cref="OperationCanceledException">The client disconnected.</exception>
    /// <exception cref="UnsupportedByProviderException">
    /// The last target's protocol does not support a field of the request.
    /// </exception>
    public async Task<(ResolvedTarget Target, AttemptResult Result)> ExecuteAsync(
        InferenceContext context,
        IReadOnlyList<ResolvedTarget> targets
    )
    {
        AttemptResult? last = null;
        var called = targets[0];
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
                    result = await health.ExecuteAsync(
                        static (s, token) => s.self.AttemptAsync(s.context, s.target, token),
                        (self: this, context, target),
                        context.RequestAborted
                    );
                }
                catch (UnsupportedByProviderException) when (hasOther)
                {
                    break; // the next target's protocol may support it
                }

                if (result.Failure is not { } error || result.HasBegun)
                {
                    health.CoolDown(context.Cooldown ?? TimeSpan.Zero);
                    return (target, result);
                }

                // A failure of a target that was called helps the client more than an open circuit.
                if (last is null || error.Category != ErrorCategory.CircuitOpen)
                {
                    (called, last) = (target, result);
                }

                telemetry.AttemptFailed(target, error);
                if (error.Category == ErrorCategory.RateLimited)
                {
                    health.CoolDown(error.RetryAfter ?? TimeSpan.FromSeconds(1));
                }

                var decision = RetryPolicy.Decide(
                    error,
                    attempts,
                    hasOther,
                    context.Deadline - time.GetUtcNow(),
                    Random.Shared.NextDouble()
                );
                if (decision is RetryDecision.GiveUp)
                {
                    return (target, result);
                }

                if (decision is not RetryDecision.Retry(var delay) || !health.Retries.TryTake())
                {
                    break;
                }

                telemetry.Retried(target, error);
                context.RetryDelay += delay;
                await Task.Delay(delay, time, context.RequestAborted);
            }

            if (last is not null && context.Deadline <= time.GetUtcNow())
            {
                break;
            }

            if (hasOther)
            {
                telemetry.FellBack(target, targets[i + 1]);
            }
        }

        return (called, last!);
    }

    private async Task<AttemptResult> AttemptAsync(
        InferenceContext context,
        ResolvedTarget target,
        CancellationToken cancellationToken
    )
    {
        context.Attempts++;
        using var span = telemetry.StartCall(context.Request, target);
        using var capture = telemetry.Capture(span);
        context.Capture = capture;
        var result = await providerAttempt.RunAsync(context, target, cancellationToken);
        context.CurrentAttempt = null;
        GatewayTelemetry.EndCall(span, result);
        return result;
    }
}
