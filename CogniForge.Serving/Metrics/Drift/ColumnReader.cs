using System.Text.Json;
using CogniForge.Serving.Metrics.Predictions;

namespace CogniForge.Serving.Metrics.Drift;

/// <summary>Turns rows into columns of doubles, strings and nulls.</summary>
internal sealed class ColumnReader(int rows)
{
    private static readonly ColumnName _class = new("class", true);
    private static readonly ColumnName _number = new("number", true);
    private readonly Dictionary<ColumnName, object?[]> _columns = [];
    private int _row;

    /// <summary>The columns in the order of their first value; null is missing.</summary>
    public IReadOnlyDictionary<ColumnName, object?[]> Columns => _columns;

    public static ColumnReader Read(IReadOnlyList<Prediction> predictions)
    {
        var reader = new ColumnReader(predictions.Count);
        foreach (var prediction in predictions)
        {
            using var features = prediction.Features is null ? null : JsonDocument.Parse(prediction.Features);
            reader.Add(
                features?.RootElement.EnumerateObject().Select(f => (f.Name, f.Value)) ?? [],
                prediction.Output
            );
        }

        return reader;
    }

    public static ColumnReader Read(IReadOnlyList<DriftRow> rows)
    {
        var reader = new ColumnReader(rows.Count);
        foreach (var row in rows)
        {
            reader.Add(row.Features?.Select(f => (f.Key, f.Value)) ?? [], row.Prediction);
        }

        return reader;
    }

    private void Add(IEnumerable<(string Name, JsonElement Value)> features, PredictedOutput? prediction)
    {
        foreach (var (name, value) in features)
        {
            Set(
                new(name, false),
                value.ValueKind switch
                {
                    JsonValueKind.Number => value.GetDouble(),
                    JsonValueKind.String => value.GetString(),
                    JsonValueKind.True => "true",
                    JsonValueKind.False => "false",
                    _ => null,
                }
            );
        }

        if (prediction?.Class is { } predicted)
        {
            Set(_class, predicted);
        }

        if (prediction?.Number is { } number)
        {
            Set(_number, number);
        }

        _row++;
    }

    private void Set(ColumnName name, object? value)
    {
        if (!_columns.TryGetValue(name, out var column))
        {
            // Rows of different systems may have different features; more columns are not compared.
            if (_columns.Count > PredictionsValidator.MaxFeatures)
            {
                return;
            }

            _columns.Add(name, column = new object?[rows]);
        }

        column[_row] = value;
    }
}
