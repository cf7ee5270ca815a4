using System.Globalization;
using System.Runtime.InteropServices;

namespace CogniForge.Bench.Measuring;

/// <summary>What the figures were made on, and what else the machine did meanwhile.</summary>
internal static class Machine
{
    private const int TicksPerSecond = 100; // USER_HZ, the same on every Linux architecture that .NET runs on

    public static string Description =>
        $"{Environment.ProcessorCount} CPUs ({Processor()}), {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    /// <summary>CPU time since the machine started, of all processes and stolen by the host of a virtual machine; null where there is no /proc.</summary>
    public static (TimeSpan Busy, TimeSpan Stolen)? Cpu()
    {
        if (!File.Exists("/proc/stat"))
            return null;

        // cpu user nice system idle iowait irq softirq steal …
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        TimeSpan Of(int field) => TimeSpan.FromSeconds(long.Parse(fields[field], CultureInfo.InvariantCulture) / (double)TicksPerSecond);
        return (Of(1) + Of(2) + Of(3), Of(8));
    }

    private static string Processor() =>
        File.Exists("/proc/cpuinfo") && File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
}
