using CogniForge.Bench.Reporting;

namespace CogniForge.Bench.Measuring;

/// <summary>The results of a suite.</summary>
/// <param name="Suite">The suite's name.</param>
/// <param name="Measurements">The figures.</param>
/// <param name="Tables">The tables to show.</param>
/// <param name="Notes">Notes for the reader of the tables.</param>
/// <param name="Machine">The machine's other work during the run.</param>
internal sealed record Report(
    string Suite,
    IReadOnlyList<Measurement> Measurements,
    IReadOnlyList<Table> Tables,
    IReadOnlyList<string> Notes,
    MachineUse Machine
)
{
    public long Errors => Measurements.Sum(m => m.Median.Errors);
}
