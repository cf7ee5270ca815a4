using System.Globalization;
using System.Runtime.InteropServices;

namespace CogniForge.Bench.Measuring;

/// <summary>Describes the machine, and reads its CPU use.</summary>
internal static class Machine
{
    private const int TicksPerSecond = 100; // USER_HZ, equal on all Linux architectures that .NET supports

    public static string Description =>
        $"{Environment.ProcessorCount} CPUs ({Processor()}), "
        + $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    /// <summary>The average number of runnable processes over the last minute; null without /proc.</summary>
    public static double? LoadAverage =>
        File.Exists("/proc/loadavg")
            ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture)
            : null;

    /// <summary>
    /// CPU time since boot: of all processes, and stolen by a virtual machine's host; null without /proc.
    /// </summary>
    public static (TimeSpan Busy, TimeSpan Stolen)? Cpu()
    {
        if (!File.Exists("/proc/stat"))
        {
            return null;
        }

        // cpu user nice system idle iowait irq softirq steal …
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        TimeSpan Field(int index) => Ticks(long.Parse(fields[index], CultureInfo.InvariantCulture));
        return (Field(1) + Field(2) + Field(3), Field(8));
    }

    /// <summary>CPU time of this process and all its descendants; null without /proc.</summary>
    public static TimeSpan? OwnCpu()
    {
        if (!File.Exists("/proc/self/stat"))
        {
            return null;
        }

        var processes = Directory
            .EnumerateDirectories("/proc")
            .Where(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out _))
            .Select(ReadStat)
            .OfType<ProcessStat>()
            .ToDictionary(p => p.Id);
        bool IsOwn(ProcessStat process) =>
            process.Id == Environment.ProcessId
            || (processes.TryGetValue(process.Parent, out var parent) && IsOwn(parent));
        return Ticks(processes.Values.Where(IsOwn).Sum(p => p.Ticks));
    }

    private static TimeSpan Ticks(long ticks) => TimeSpan.FromSeconds(ticks / (double)TicksPerSecond);

    private static ProcessStat? ReadStat(string path)
    {
        try
        {
            // pid (name) state ppid … utime stime cutime cstime …, where the name may contain any character
            var stat = File.ReadAllText(Path.Combine(path, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            long Field(int index) => long.Parse(fields[index], CultureInfo.InvariantCulture);
            return new(
                int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture),
                (int)Field(1),
                Field(11) + Field(12) + Field(13) + Field(14)
            );
        }
        catch (IOException)
        {
            return null; // the process has ended
        }
    }

    private static string Processor() =>
        File.Exists("/proc/cpuinfo")
        && File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();

    private sealed record ProcessStat(int Id, int Parent, long Ticks);
}
