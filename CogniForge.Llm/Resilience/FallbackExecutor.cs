using CogniForge.Llm.Gateway;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Telemetry;

namespace CogniForge.Llm.Resilience;

/// <summary>Asks a route's targets: retries one as the rules say, and falls back to the next.</summary>
internal sealed class FallbackExecutor(TargetHealthRegistry states, ProviderAttempt call, GatewayTelemetry telemetry, TimeProvider time)
{
    /// <summary>Asks one target after the other, until one has answered or none can.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="order">The targets, at least one.</param>
    /// <returns>The target that was asked last, and how that ended; an open circuit counts as that only when nobody was asked.</returns>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    /// <exception cref="UnsupportedByProviderException">The last target's protocol cannot do what the client asks for.</exception>
    public async Task<(ResolvedTarget Target, AttemptResult Result)> ExecuteAsync(InferenceContext exchange, IReadOnlyList<ResolvedTarget> order)
    {
        AttemptResult? last = null;
        var asked = order[0];
        for (var i = 0; i < order.Count; i++)
        {
            var target = order[i];
            var state = states.Get(target.Id);
            var hasOther = i + 1 < order.Count;
            if (hasOther && state.CooldownUntil is not null)
            {
                continue;
            }

            state.Retries.Earn();
            for (var attempts = 1; ; attempts++)
            {
                exchange.Attempts++;
                AttemptResult result;
                try
                {
                    result = await AttemptAsync(exchange, target, state);
                }
                catch (UnsupportedByProviderException) when (hasOther)
                {
                    break; // the next target may speak a protocol that can say it
                }

                if (result.Failure is not { } failure || result.HasBegun)
                {
                    state.CoolDown(exchange.Cooldown ?? TimeSpan.Zero);
                    return (target, result);
                }

                // Who was not asked has nothing to tell; a failure that somebody has seen is worth more to the client.
                if (last is null || failure.Category != ErrorCategory.CircuitOpen)
                {
                    (asked, last) = (target, result);
                }

                telemetry.AttemptFailed(target, failure);
                if (failure.Category == ErrorCategory.RateLimited)
                {
                    state.CoolDown(failure.RetryAfter ?? TimeSpan.FromSeconds(1));
                }

                var step = RetryPolicy.Decide(failure, attempts, hasOther, exchange.Deadline - time.GetUtcNow(), Random.Shared.NextDouble());
                if (step is RetryDecision.GiveUp)
                {
                    return (target, result);
                }

                if (step is not RetryDecision.Retry(var delay) || !state.Retries.TryTake())
                {
                    break;
                }

                telemetry.Retried(target, failure);
                exchange.RetryDelay += delay;
                await Task.Delay(delay, time, exchange.RequestAborted);
            }

            if (last is not null && exchange.Deadline <= time.GetUtcNow())
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

    private async Task<AttemptResult> AttemptAsync(InferenceContext exchange, ResolvedTarget target, TargetHealth state)
    {
        using var span = telemetry.StartCall(exchange.Request, target);
        using var capture = telemetry.Capture(span);
        exchange.Capture = capture;
        var result = await state.ExecuteAsync(static (s, token) => s.call.RunAsync(s.exchange, s.target, token), (call, exchange, target), exchange.RequestAborted);
        exchange.CurrentAttempt = null;
        GatewayTelemetry.EndCall(span, result);
        return result;
    }
}
