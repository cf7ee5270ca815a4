using CogniForge.Llm.Gateway;
using Polly;
using Polly.CircuitBreaker;

namespace CogniForge.Llm.Resilience;

/// <summary>What this process knows of a target: its circuit breaker, its retry budget and until when it wants to be left alone. Thread-safe.</summary>
internal sealed class TargetHealth
{
    // Five stray errors in heavy traffic must not open it, an outage in light traffic must.
    private const int MinimumCalls = 5;
    private const double FailureRatio = 0.5;
    private static readonly TimeSpan _window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _break = TimeSpan.FromMinutes(1);

    private readonly CircuitBreakerStateProvider _breaker = new();
    private readonly ResiliencePipeline<AttemptResult> _pipeline;
    private readonly TimeProvider _time;
    private long _coolUntil;
    private long _calls;
    private long _failures;

    /// <summary>Creates the state of a target that nobody has asked yet.</summary>
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
                    BreakDuration = _break,
                    ShouldHandle = static arguments =>
                        ValueTask.FromResult(
                            arguments.Outcome.Result is { Failure: { } error } && IsFault(error.Category)
                        ),
                    StateProvider = _breaker,
                }
            )
            .Build();
    }

    /// <summary>The target, <c>provider/model</c>.</summary>
    public string Id { get; }

    /// <summary>Retries that the target may still get.</summary>
    public RetryBudget Retries { get; } = new();

    /// <summary>The breaker's state: closed (normal), open (not asked), half-open (one request tries).</summary>
    public CircuitState Circuit => _breaker.CircuitState;

    /// <summary>Attempts since the process started.</summary>
    public long Calls => Volatile.Read(ref _calls);

    /// <summary>Attempts that failed by the target's fault.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>Until when the target asked to be left alone; null: it may be asked.</summary>
    public DateTimeOffset? CooldownUntil =>
        Volatile.Read(ref _coolUntil) is var ticks && ticks > _time.GetUtcNow().UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;

    /// <summary>Leaves the target alone for a while; a longer wish that it told earlier stands.</summary>
    public void CoolDown(TimeSpan duration)
    {
        var until = (_time.GetUtcNow() + duration).UtcTicks;
        long known;
        do
        {
            known = Volatile.Read(ref _coolUntil);
        } while (until > known && Interlocked.CompareExchange(ref _coolUntil, until, known) != known);
    }

    /// <summary>Makes an attempt, unless the breaker is open.</summary>
    public async ValueTask<AttemptResult> ExecuteAsync<TState>(
        Func<TState, CancellationToken, Task<AttemptResult>> attempt,
        TState state,
        CancellationToken cancellationToken
    )
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            var outcome = await _pipeline.ExecuteOutcomeAsync(
                static async (context, s) => Outcome.FromResult(await s.attempt(s.state, context.CancellationToken)),
                context,
                (attempt, state)
            );
            if (outcome.Exception is BrokenCircuitException open)
            {
                return AttemptResult.Failed(
                    new(
                        ErrorCategory.CircuitOpen,
                        $"The circuit of {Id} is open after too many failures; it is asked again in a while.",
                        RetryAfter: open.RetryAfter ?? _break
                    )
                );
            }

            outcome.ThrowIfException();
            Interlocked.Increment(ref _calls);
            if (outcome.Result!.Failure is { } error && IsFault(error.Category))
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

    private static bool IsFault(ErrorCategory category) =>
        category
            is ErrorCategory.Overloaded
                or ErrorCategory.ServerError
                or ErrorCategory.Network
                or ErrorCategory.Timeout
                or ErrorCategory.InvalidResponse
                or ErrorCategory.Authentication
                or ErrorCategory.Billing;
}
