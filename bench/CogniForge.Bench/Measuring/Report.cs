using CogniForge.Bench.Processes;

namespace CogniForge.Bench.Measuring;

/// <summary>What a suite found.</summary>
/// <param name="Suite">Its name.</param>
/// <param name="Measurements">The figures, those of a number of connections together.</param>
/// <param name="Memory">What the processes held.</param>
/// <param name="OthersShare">The share of all CPUs that other processes used meanwhile; null: not known.</param>
/// <param name="StolenShare">The share that the host of this virtual machine gave to others; null: not known.</param>
internal sealed record Report(string Suite, IReadOnlyList<Measurement> Measurements, IReadOnlyList<ProcessMemory> Memory, double? OthersShare, double? StolenShare)
{
    public long Errors => Measurements.Sum(m => m.Median.Errors);

    /// <summary>Runs a comparison and notes what the processes and the machine did meanwhile.</summary>
    public static async Task<Report> OfAsync(
        string suite, IReadOnlyList<Contestant> contestants, BenchOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        var servers = contestants.Select(c => c.Server).Distinct().ToList();
        TimeSpan Own() => servers.Aggregate(Environment.CpuUsage.TotalTime, (sum, server) => sum + server.Cpu);

        var memory = servers.ToDictionary(s => s, s => s.ResidentBytes);
        var (started, machine, own) = (TimeProvider.System.GetTimestamp(), Machine.Cpu(), Own());
        var measurements = await Comparison.RunAsync(contestants, options, progress, cancellationToken);
        var elapsed = TimeProvider.System.GetElapsedTime(started) * Environment.ProcessorCount;
        var now = Machine.Cpu();
        return new(
            suite,
            measurements,
            [.. servers.Select(s => new ProcessMemory(s.Name, memory[s], s.ResidentBytes))],
            Math.Max(0, (now?.Busy - machine?.Busy - (Own() - own)) / elapsed ?? 0),
            (now?.Stolen - machine?.Stolen) / elapsed);
    }
}
