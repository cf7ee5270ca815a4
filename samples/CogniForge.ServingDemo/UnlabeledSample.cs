using Microsoft.ML.Data;

namespace CogniForge.ServingDemo;

/// <summary>What an exported model takes: a row without its label.</summary>
internal sealed class UnlabeledSample
{
    [ColumnName("features")]
    [VectorType(Sample.Width)]
    public required float[] Features { get; init; }
}
