using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CogniForge.ServiceDefaults;

namespace CogniForge.Llm.Resilience;

/// <summary>The health of all targets that were called.</summary>
internal sealed class TargetHealthRegistry
{
    // A wildcard route makes any name a target; the targets beyond this number share one state.
    private const int MaxTargets = 1_000;
    private const string Others = "(others)";

    private readonly ConcurrentDictionary<string, TargetHealth> _states = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;

    public TargetHealthRegistry(ServiceDescription service, TimeProvider time)
    {
        _time = time;
        service.Meter.CreateObservableGauge(
            "cogniforge.llm.circuit.state",
            () =>
                _states.Values.Select(s => new Measurement<int>(
                    (int)s.Circuit,
                    new KeyValuePair<string, object?>("target", s.Id)
                )),
            "{state}",
            "Circuit breakers: 0 closed, 1 open, 2 half-open"
        );
    }

    /// <param name="id">The target, <c>provider/model</c>.</param>
    public TargetHealth Get(string id) =>
        _states.TryGetValue(id, out var health)
            ? health
            : _states.GetOrAdd(_states.Count < MaxTargets ? id : Others, key => new(key, _time));

    /// <summary>All states, sorted by target.</summary>
    public IReadOnlyList<TargetHealth> All => [.. _states.Values.OrderBy(s => s.Id, StringComparer.Ordinal)];
}
