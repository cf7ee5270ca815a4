using Polly;
using Polly.CircuitBreaker;

namespace CogniForge.Llm.Resilience;

/// <summary>
/// The health of a target as observed by this process: circuit breaker, retry budget and cooldown. Thread-safe.
/// </summary>
internal sealed class TargetHealth
{
    // A few errors in heavy traffic must not open the circuit; an outage in light traffic must.
    private const int MinimumCalls = 5;
    private const double FailureRatio = 0.5;
    private static readonly TimeSpan _window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _breakDuration = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _defaultCooldown = TimeSpan.FromSeconds(1);

    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly ResiliencePipeline<bool> _pipeline;
    private readonly DistinctCallers _timeouts;
    private readonly TimeProvider _time;
    private long _lastUsed;
    private long _cooldownUntil;
    private long _calls;
    private long _failures;

    public TargetHealth(string id, TimeProvider time)
    {
        (Id, _time, _timeouts) = (id, time, new(time));
        Touch();

        // The pipeline's result is whether an attempt failed because of the target.
        _pipeline = new ResiliencePipelineBuilder<bool> { TimeProvider = time }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions<bool>
                {
                    FailureRatio = FailureRatio,
                    MinimumThroughput = MinimumCalls,
                    SamplingDuration = _window,
                    BreakDuration = _breakDuration,
                    ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Result),
                    StateProvider = _circuit,
                }
            )
            .Build();
    }

    /// <summary>The target, <c>provider/model</c>.</summary>
    public string Id { get; }

    public RetryBudget Retries { get; } = new();

    /// <summary>
    /// The state of the circuit: closed (normal), open (not called) or half-open (one trial request).
    /// </summary>
    public CircuitState Circuit => _circuit.CircuitState;

    /// <summary>The attempts since the target was first used.</summary>
    public long Calls => Volatile.Read(ref _calls);

    public long Failures => Volatile.Read(ref _failures);

    /// <summary>When a request last used the target, UTC.</summary>
    public DateTimeOffset LastUsed => new(Volatile.Read(ref _lastUsed), TimeSpan.Zero);

    /// <summary>The end of the cooldown; null: the target may be called.</summary>
    public DateTimeOffset? CooldownUntil =>
        Volatile.Read(ref _cooldownUntil) is var ticks && ticks > _time.GetUtcNow().UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;

    /// <summary>Notes that a request uses the target.</summary>
    public void Touch() => Volatile.Write(ref _lastUsed, _time.GetUtcNow().UtcTicks);

    /// <summary>Starts a cooldown; never shortens an earlier, longer one.</summary>
    public void CoolDown(TimeSpan duration)
    {
        var until = (_time.GetUtcNow() + duration).UtcTicks;
        long current;
        do
        {
            current = Volatile.Read(ref _cooldownUntil);
        } while (until > current && Interlocked.CompareExchange(ref _cooldownUntil, until, current) != current);
    }

    /// <summary>Starts a cooldown if the target's own rate limit is reached.</summary>
    public void CoolDown(ProviderError error)
    {
        if (error.Category == ErrorCategory.RateLimited)
        {
            CoolDown(error.RetryAfter ?? _defaultCooldown);
        }
    }

    /// <summary>Makes an attempt, unless the circuit is open.</summary>
    /// <param name="caller">The id of the caller's API key.</param>
    /// <param name="attempt">Makes the attempt.</param>
    /// <param name="cancellationToken">Cancelled when the client disconnects.</param>
    public async ValueTask<AttemptResult> ExecuteAsync(
        string caller,
        Func<CancellationToken, Task<AttemptResult>> attempt,
        CancellationToken cancellationToken
    )
    {
        AttemptResult result;
        if (Circuit == CircuitState.Closed)
        {
            // Polly counts all that runs inside as success or failure; outside, an attempt may count as neither.
            result = await attempt(cancellationToken);
            if (IsFailure(result, caller) is { } isFailure)
            {
                await CountAsync(isFailure);
            }

            return result;
        }

        result = null!;
        try
        {
            await _pipeline.ExecuteAsync(
                async token => IsFailure(result = await attempt(token), caller) ?? false,
                cancellationToken
            );
            return result;
        }
        catch (BrokenCircuitException e)
        {
            return AttemptResult.Failed(
                new(
                    ErrorCategory.CircuitOpen,
                    $"The circuit of {Id} is open after too many failures; the gateway retries it later.",
                    RetryAfter: e.RetryAfter ?? _breakDuration
                )
            );
        }
    }

    private async ValueTask CountAsync(bool isFailure)
    {
        var context = ResilienceContextPool.Shared.Get(CancellationToken.None);
        await _pipeline.ExecuteOutcomeAsync(
            static (_, isFailure) => Outcome.FromResultAsValueTask(isFailure),
            context,
            isFailure
        );
        ResilienceContextPool.Shared.Return(context);
    }

    /// <returns>Whether it failed because of the target; null: it is no evidence.</returns>
    private bool? IsFailure(AttemptResult result, string caller)
    {
        Interlocked.Increment(ref _calls);
        bool? isFailure = result.Error switch
        {
            null => false,
            { IsTargetFault: false } => null,

            // One key's questions may just be hard: its timeouts count once.
            { Category: ErrorCategory.Timeout, IsTargetFault: null } => _timeouts.TryAdd(caller) ? true : null,
            // Of a 400, only the message tells, and it may quote the client.
            { Category: ErrorCategory.Authentication or ErrorCategory.Billing } error => error.Status
                is null
                    or StatusCodes.Status401Unauthorized
                    or StatusCodes.Status429TooManyRequests,
            { } error => error.Category
                is ErrorCategory.Overloaded
                    or ErrorCategory.ServerError
                    or ErrorCategory.Network
                    or ErrorCategory.Timeout
                    or ErrorCategory.InvalidResponse,
        };
        if (isFailure == true)
        {
            Interlocked.Increment(ref _failures);
        }

        return isFailure;
    }
}
