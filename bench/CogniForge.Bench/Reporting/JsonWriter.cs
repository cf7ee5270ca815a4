using System.Text.Json;
using System.Text.Json.Serialization;
using CogniForge.Bench.Measuring;

namespace CogniForge.Bench.Reporting;

/// <summary>Writes a report as JSON, every round of it.</summary>
internal static class JsonWriter
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // a round without one right answer has no percentile
    };

    public static async Task WriteAsync(
        Report report,
        BenchOptions options,
        string file,
        CancellationToken cancellationToken
    )
    {
        await using var stream = File.Create(file);
        await JsonSerializer.SerializeAsync(
            stream,
            new
            {
                report.Suite,
                Machine = Measuring.Machine.Description,
                Seconds = options.Duration.TotalSeconds,
                Meanwhile = report.Machine,
                Measurements = report.Measurements.Select(m => new
                {
                    m.Contestant.Name,
                    m.Traffic,
                    Baseline = m.Contestant.Baseline?.Name,
                    m.Spread,
                    m.Median,
                    m.Rounds,
                }),
                Tables = report.Tables.Select(t => new { t.Columns, Rows = t.Rows.Select(r => r.Cells) }),
                report.Notes,
            },
            _json,
            cancellationToken
        );
    }
}
