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

    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly ResiliencePipeline<AttemptResult> _pipeline;
    private readonly TimeProvider _time;
    private long _cooldownUntil;
    private long _calls;
    private long _failures;

    public TargetHealth(string id, TimeProvider time)
    {
        (Id, _time) = (id, time);
        _pipeline = new ResiliencePipelineBuilder<AttemptResult> { TimeProvider = time }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions<AttemptResult>
                {
                    FailureRatio = FailureRatio,
                    MinimumThroughput = MinimumCalls,
                    SamplingDuration = _window,
                    BreakDuration = _breakDuration,
                    ShouldHandle = static arguments =>
                        ValueTask.FromResult(
                            arguments.Outcome.Result is { Error: { } error } && IsTargetFault(error.Category)
                        ),
                    StateProvider = _circuit,
                }
            )
            .Build();
    }

    /// <summary>The target, <c>provider/model</c>.</summary>
    public string Id { get; }

    /// <summary>The retry budget of the target.</summary>
    public RetryBudget Retries { get; } = new();

    /// <summary>
    /// The state of the circuit: closed (normal), open (not called) or half-open (one trial request).
    /// </summary>
    public CircuitState Circuit => _circuit.CircuitState;

    /// <summary>The number of attempts since the process started.</summary>
    public long Calls => Volatile.Read(ref _calls);

    /// <summary>The number of attempts that failed because of the target.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>The end of the cooldown; null: the target may be called.</summary>
    public DateTimeOffset? CooldownUntil =>
        Volatile.Read(ref _cooldownUntil) is var ticks && ticks > _time.GetUtcNow().UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;

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

    /// <summary>Makes an attempt, unless the circuit is open.</summary>
    public async ValueTask<AttemptResult> ExecuteAsync(
        Func<CancellationToken, Task<AttemptResult>> attempt,
        CancellationToken cancellationToken
    )
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            var outcome = await _pipeline.ExecuteOutcomeAsync(
                static async (context, attempt) => Outcome.FromResult(await attempt(context.CancellationToken)),
                context,
                attempt
            );
            if (outcome.Exception is BrokenCircuitException open)
            {
                return AttemptResult.Failed(
                    new(
                        ErrorCategory.CircuitOpen,
                        $"The circuit of {Id} is open after too many failures; the gateway retries it later.",
                        RetryAfter: open.RetryAfter ?? _breakDuration
                    )
                );
            }

            outcome.ThrowIfException();
            Interlocked.Increment(ref _calls);
            if (outcome.Result!.Error is { } error && IsTargetFault(error.Category))
            {
                Interlocked.Increment(ref _failures);
            }

            return outcome.Result;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static bool IsTargetFault(ErrorCategory category) =>
        category
            is ErrorCategory.Overloaded
                or ErrorCategory.ServerError
                or ErrorCategory.Network
                or ErrorCategory.Timeout
                or ErrorCategory.InvalidResponse
                or ErrorCategory.Authentication
                or ErrorCategory.Billing;
}
