using System.Text.Json;
using System.Text.Json.Serialization;
using CogniForge.Bench.Measuring;

namespace CogniForge.Bench.Reporting;

/// <summary>Writes a report as JSON, with the figures of every round.</summary>
internal static class JsonWriter
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // A round without a correct response has no percentiles.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
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
