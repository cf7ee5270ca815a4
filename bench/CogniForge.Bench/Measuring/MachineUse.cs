using System.Globalization;

namespace CogniForge.Bench.Measuring;

/// <summary>The machine's other work during a run.</summary>
/// <param name="OthersShare">The share of all CPUs that other processes used; null if unknown.</param>
/// <param name="StolenShare">The share that the host gave to other virtual machines; null if unknown.</param>
/// <param name="LoadBefore">The load average before the run; null if unknown.</param>
/// <param name="LoadAfter">The load average after the run, including the benchmark's own load; null if unknown.</param>
internal sealed record MachineUse(double? OthersShare, double? StolenShare, double? LoadBefore, double? LoadAfter)
{
    public override string ToString() =>
        OthersShare is null
            ? "The machine's other work is unknown on this system."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Meanwhile other processes used {OthersShare:P1} of the CPUs, and {StolenShare:P1} went to other "
                    + $"virtual machines. Load average before the run: {LoadBefore:0.0}, at its end (including its "
                    + $"own load): {LoadAfter:0.0}."
            );
}
