using CogniForge.Llm.Gateway;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Telemetry;

namespace CogniForge.Llm.Resilience;

/// <summary>Asks a route's targets: retries one as the rules say, and falls back to the next.</summary>
internal sealed class FallbackExecutor(
    TargetHealthRegistry healthRegistry,
    ProviderAttempt call,
    GatewayTelemetry telemetry,
    TimeProvider time
)
{
    /// <summary>Asks one target after the other, until one has answered or none can.</summary>
    /// <param name="context">The request.</param>
    /// <param name="order">The targets, at least one.</param>
    /// <returns>The target that was asked last, and how that ended; an open circuit counts as that only when nobody was asked.</returns>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    /// <exception cref="UnsupportedByProviderException">The last target's protocol cannot do what the client asks for.</exception>
    public async Task<(ResolvedTarget Target, AttemptResult Result)> ExecuteAsync(
        InferenceContext context,
        IReadOnlyList<ResolvedTarget> order
    )
    {
        AttemptResult? last = null;
        var asked = order[0];
        for (var i = 0; i < order.Count; i++)
        {
            var target = order[i];
            var health = healthRegistry.Get(target.Id);
            var hasOther = i + 1 < order.Count;
            if (hasOther && health.CooldownUntil is not null)
            {
                continue;
            }

            health.Retries.Earn();
            for (var attempts = 1; ; attempts++)
            {
                context.Attempts++;
                AttemptResult result;
                try
                {
                    result = await AttemptAsync(context, target, health);
                }
                catch (UnsupportedByProviderException) when (hasOther)
                {
                    break; // the next target may speak a protocol that can say it
                }

                if (result.Failure is not { } error || result.HasBegun)
                {
                    health.CoolDown(context.Cooldown ?? TimeSpan.Zero);
                    return (target, result);
                }

                // Who was not asked has nothing to tell; a failure that somebody has seen is worth more to the client.
                if (last is null || error.Category != ErrorCategory.CircuitOpen)
                {
                    (asked, last) = (target, result);
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
                telemetry.FellBack(target, order[i + 1]);
            }
        }

        return (asked, last!);
    }

    private async Task<AttemptResult> AttemptAsync(InferenceContext context, ResolvedTarget target, TargetHealth health)
    {
        using var span = telemetry.StartCall(context.Request, target);
        using var capture = telemetry.Capture(span);
        context.Capture = capture;
        var result = await health.ExecuteAsync(
            static (s, token) => s.call.RunAsync(s.context, s.target, token),
            (call, context, target),
            context.RequestAborted
        );
        context.CurrentAttempt = null;
        GatewayTelemetry.EndCall(span, result);
        return result;
    }
}
