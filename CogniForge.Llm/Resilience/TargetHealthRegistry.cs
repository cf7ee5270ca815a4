using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CogniForge.ServiceDefaults;
using Polly.CircuitBreaker;

namespace CogniForge.Llm.Resilience;

/// <summary>The health of the targets in use. Thread-safe.</summary>
internal sealed class TargetHealthRegistry
{
    // A wildcard route makes any name a target, so that unused ones are forgotten.
    private const int MaxTargets = 1_000;
    private static readonly TimeSpan _maxIdle = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, TargetHealth> _states = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;

    public TargetHealthRegistry(ServiceDescription service, TimeProvider time)
    {
        _time = time;
        service.Meter.CreateObservableGauge(
            "cogniforge.llm.circuit.state",
            () =>
                All.Select(s => new Measurement<int>(
                    (int)s.Circuit,
                    new KeyValuePair<string, object?>("target", s.Id)
                )),
            "{state}",
            "Circuit breakers: 0 closed, 1 open, 2 half-open"
        );
    }

    /// <param name="id">The target, <c>provider/model</c>.</param>
    public TargetHealth Get(string id)
    {
        if (!_states.TryGetValue(id, out var health))
        {
            if (_states.Count >= MaxTargets)
            {
                Shrink();
            }

            health = _states.GetOrAdd(id, key => new(key, _time));
        }

        health.Touch();
        return health;
    }

    /// <summary>The states used within the last ten minutes, sorted by target.</summary>
    public IReadOnlyList<TargetHealth> All
    {
        get
        {
            foreach (var idle in _states.Values.Where(s => _time.GetUtcNow() - s.LastUsed >= _maxIdle))
            {
                _states.TryRemove(idle.Id, out _);
            }

            return [.. _states.Values.OrderBy(s => s.Id, StringComparer.Ordinal)];
        }
    }

    /// <summary>Forgets a quarter of the states: closed circuits first, of these the longest unused.</summary>
    private void Shrink()
    {
        foreach (
            var state in _states
                .Values.OrderBy(s => s.Circuit != CircuitState.Closed || s.CooldownUntil is not null)
                .ThenBy(s => s.LastUsed)
                .Take(MaxTargets / 4)
        )
        {
            _states.TryRemove(state.Id, out _);
        }
    }
}
