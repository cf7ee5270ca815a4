using Microsoft.ML.Data;

namespace CogniForge.ServingDemo;

/// <summary>A row of the data; the names are those of ML.NET's columns.</summary>
internal sealed class Sample
{
    /// <summary>The number of features.</summary>
    public const int Width = 30;

    [ColumnName("features")]
    [VectorType(Width)]
    public required float[] Features { get; init; }

    /// <summary>Whether the tumour is benign.</summary>
    public required bool Label { get; init; }
}
