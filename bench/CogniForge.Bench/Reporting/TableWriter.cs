using System.Globalization;
using CogniForge.Bench.Measuring;
using Spectre.Console;

namespace CogniForge.Bench.Reporting;

/// <summary>Writes a report as tables: in colour on a terminal, as Markdown elsewhere.</summary>
internal static class TableWriter
{
    // A narrower terminal wraps lines, which reads better than figures that are cut off.
    private const int LeastWidth = 120;

    public static void Write(Report report, BenchOptions options)
    {
        var plain = Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new() { Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect });
        console.Profile.Width = Math.Max(console.Profile.Width, LeastWidth);

        console.WriteLine($"{Machine.Description}; medians of {options.Rounds} rounds of {options.Duration.TotalSeconds} s, side by side");
        foreach (var group in report.Measurements.GroupBy(m => m.Connections))
        {
            var table = NewTable(plain, $"{group.Key} connection{(group.Key == 1 ? "" : "s")}", "requests/s", "of bare", "p50 µs", "p99 µs", "CPU µs", "of bare", "spread", "errors");
            foreach (var m in group)
                table.AddRow([.. Cells(m).Select(cell => new Text(cell, m.Baseline is null ? new Style(decoration: Decoration.Dim) : m.Median.Errors > 0 ? new Style(Color.Red) : Style.Plain))]);
            console.Write(table);
        }

        var memory = NewTable(plain, "process", "RSS before, MB", "RSS after, MB");
        foreach (var (process, before, after) in report.Memory)
            memory.AddRow(process, Megabytes(before), Megabytes(after));
        console.Write(memory);
        console.WriteLine("CPU µs: the server's, user and system, per request.");
        console.WriteLine($"The load generator itself used {Round.MedianOf(report.Measurements, m => m.Median.GeneratorCpuMicroseconds):0.0} µs of CPU per request (median of the rows), on the same CPUs.");
        if (report.OthersShare is { } others && report.StolenShare is { } stolen)
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Meanwhile other processes used {others:P1} of the CPUs, and {stolen:P1} went to other virtual machines."));
        foreach (var m in report.Measurements.Where(m => m.Median.Errors > 0))
            console.WriteLine($"ERRORS: {m.Contestant.Name}, {m.Connections} connections: {m.Median.Errors}, for example {m.Median.FirstError}", new Style(Color.Red));
        if (report.Errors > 0)
            console.WriteLine($"{report.Errors} requests failed: these figures do not count.", new Style(Color.Red));
    }

    private static string[] Cells(Measurement m) =>
    [
        m.Contestant.Name,
        m.Median.RequestsPerSecond.ToString("N0", CultureInfo.InvariantCulture),
        Ratio(m.Ratio),
        m.Median.P50Microseconds.ToString("N0", CultureInfo.InvariantCulture),
        m.Median.P99Microseconds.ToString("N0", CultureInfo.InvariantCulture),
        m.Median.CpuMicroseconds.ToString("N1", CultureInfo.InvariantCulture),
        Ratio(m.CpuRatio),
        m.Spread.ToString("P0", CultureInfo.InvariantCulture),
        m.Median.Errors.ToString("N0", CultureInfo.InvariantCulture),
    ];

    private static string Ratio(double? ratio) => ratio?.ToString("0.00×", CultureInfo.InvariantCulture) ?? "";

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("N0", CultureInfo.InvariantCulture);

    private static Table NewTable(bool plain, string first, params string[] figures)
    {
        var table = new Table().Border(plain ? TableBorder.Markdown : TableBorder.Rounded).AddColumn(first);
        foreach (var figure in figures)
            table.AddColumn(new TableColumn(figure).RightAligned());
        return table;
    }
}
