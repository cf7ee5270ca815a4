namespace CogniForge.Bench.Measuring;

/// <summary>Watches the machine's other work during a run.</summary>
internal sealed class MachineWatch
{
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private readonly (TimeSpan Busy, TimeSpan Stolen)? _machine = Machine.Cpu();
    private readonly TimeSpan? _own = Machine.OwnCpu();
    private readonly double? _load = Machine.LoadAverage;

    /// <summary>The other work since this instance was created.</summary>
    public MachineUse Read()
    {
        var elapsed = TimeProvider.System.GetElapsedTime(_started) * Environment.ProcessorCount;
        var now = Machine.Cpu();
        return new(
            (now?.Busy - _machine?.Busy - (Machine.OwnCpu() - _own)) / elapsed is { } others
                ? Math.Max(0, others)
                : null,
            (now?.Stolen - _machine?.Stolen) / elapsed,
            _load,
            Machine.LoadAverage
        );
    }
}
