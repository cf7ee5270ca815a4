using CogniForge.Bench.Reporting;

namespace CogniForge.Bench.Measuring;

/// <summary>What a suite found.</summary>
/// <param name="Suite">Its name.</param>
/// <param name="Measurements">The figures.</param>
/// <param name="Tables">What is to be shown of them, and of what else was found.</param>
/// <param name="Notes">What a reader of the tables has to know.</param>
/// <param name="Machine">What else the machine did meanwhile.</param>
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
