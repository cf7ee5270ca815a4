using System.Globalization;
using System.Runtime.InteropServices;

namespace CogniForge.Bench.Measuring;

/// <summary>What the figures were made on, and what else the machine did meanwhile.</summary>
internal static class Machine
{
    private const int TicksPerSecond = 100; // USER_HZ, the same on every Linux architecture that .NET runs on

    public static string Description =>
        $"{Environment.ProcessorCount} CPUs ({Processor()}), {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    /// <summary>How many processes ran or wanted to, on average over the last minute; null where there is no /proc.</summary>
    public static double? LoadAverage =>
        File.Exists("/proc/loadavg")
            ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture)
            : null;

    /// <summary>CPU time since the machine started, of all processes and stolen by the host of a virtual machine; null where there is no /proc.</summary>
    public static (TimeSpan Busy, TimeSpan Stolen)? Cpu()
    {
        if (!File.Exists("/proc/stat"))
        {
            return null;
        }

        // cpu user nice system idle iowait irq softirq steal …
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        TimeSpan Of(int field) => Ticks(long.Parse(fields[field], CultureInfo.InvariantCulture));
        return (Of(1) + Of(2) + Of(3), Of(8));
    }

    /// <summary>CPU time of this process and of all that it has started, directly or not; null where there is no /proc.</summary>
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
            // pid (name) state ppid … utime stime cutime cstime …, where the name may hold anything
            var stat = File.ReadAllText(Path.Combine(path, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            long Of(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
            return new(
                int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture),
                (int)Of(1),
                Of(11) + Of(12) + Of(13) + Of(14)
            );
        }
        catch (IOException)
        {
            return null; // it has ended meanwhile
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
