using System.Globalization;

namespace CogniForge.Bench.Measuring;

/// <summary>What else the machine did during a run.</summary>
/// <param name="OthersShare">The share of all CPUs that processes used which the benchmark had not started; null: not known.</param>
/// <param name="StolenShare">The share that the host of this virtual machine gave to others; null: not known.</param>
/// <param name="LoadBefore">The load average when the run began; null: not known.</param>
/// <param name="LoadAfter">And when it ended; the benchmark's own load is in it.</param>
internal sealed record MachineUse(double? OthersShare, double? StolenShare, double? LoadBefore, double? LoadAfter)
{
    public override string ToString() =>
        OthersShare is null
            ? "What else the machine did is not known here."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Meanwhile other processes used {OthersShare:P1} of the CPUs, and {StolenShare:P1} went to other virtual machines. Load average before the run: {LoadBefore:0.0}, at its end (its own load counts): {LoadAfter:0.0}."
            );
}
