using System.Threading.RateLimiting;
using Polly;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>The outermost layer of the standard pipeline: a thousand requests at a time, further ones fail at once.</summary>
internal sealed class ConcurrencyLimit : ResilienceStrategy, IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new() { PermitLimit = 1000, QueueLimit = 0 });

    public void Dispose() => _limiter.Dispose();

    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        using var lease = await _limiter.AcquireAsync(1, context.CancellationToken).ConfigureAwait(false);
        return lease.IsAcquired
            ? await callback(context, state).ConfigureAwait(false)
            : Outcome.FromException<TResult>(new RateLimiterRejectedException());
    }

    internal sealed class Options : ResilienceStrategyOptions;

    /// <summary>Callers catch it as the ExecutionRejectedException that the real one is, too.</summary>
    private sealed class RateLimiterRejectedException() : ExecutionRejectedException("The operation could not be executed because it was rejected by the rate limiter.");
}
