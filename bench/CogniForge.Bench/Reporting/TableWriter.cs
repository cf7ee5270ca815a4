using CogniForge.Bench.Measuring;
using Spectre.Console;

namespace CogniForge.Bench.Reporting;

/// <summary>Writes a report as tables: in colour on a terminal, as Markdown elsewhere.</summary>
internal static class TableWriter
{
    // A narrower terminal wraps lines, which is more readable than truncated figures.
    private const int MinWidth = 120;
    private const int FileWidth = 240;

    public static void Write(Report report, BenchOptions options)
    {
        var plain = Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new() { Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect });
        console.Profile.Width = plain ? FileWidth : Math.Max(console.Profile.Width, MinWidth);

        console.WriteLine(
            $"{Machine.Description}; "
                + $"medians of {options.Rounds} rounds of {options.Duration.TotalSeconds} s, side by side"
        );
        foreach (var table in report.Tables)
        {
            console.Write(Rendered(table, plain));
        }

        foreach (var note in report.Notes)
        {
            console.WriteLine(note);
        }

        if (report.Measurements.Count > 0)
        {
            var generator = Round.GetMedian(report.Measurements, m => m.Median.GeneratorCpuMicroseconds);
            console.WriteLine(
                $"The load generator itself used {Figure.Tenths(generator)} µs of CPU per request "
                    + "(median of the rows), on the same CPUs."
            );
        }

        console.WriteLine(report.Machine.ToString());
        foreach (var m in report.Measurements.Where(m => m.Median.Errors > 0))
        {
            console.WriteLine(
                $"ERRORS: {m.Contestant.Name}, {m.Traffic.Title}: {m.Median.Errors}, for example {m.Median.FirstError}",
                new Style(Color.Red)
            );
        }

        if (report.Errors > 0)
        {
            console.WriteLine($"{report.Errors} requests failed: these figures are invalid.", new Style(Color.Red));
        }
    }

    private static Spectre.Console.Table Rendered(Table table, bool plain)
    {
        var rendered = new Spectre.Console.Table()
            .Border(plain ? TableBorder.Markdown : TableBorder.Rounded)
            .AddColumn(table.Columns[0]);
        foreach (var column in table.Columns.Skip(1))
        {
            rendered.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (var row in table.Rows)
        {
            rendered.AddRow([
                .. row.Cells.Select(cell => new Text(
                    cell,
                    row.IsBaseline ? new Style(decoration: Decoration.Dim)
                        : row.HasErrors ? new Style(Color.Red)
                        : Style.Plain
                )),
            ]);
        }

        return rendered;
    }
}
