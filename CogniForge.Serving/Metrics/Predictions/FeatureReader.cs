using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>
/// Reads the features of rows: named by the model's definition or file, otherwise by tensor and column. Not
/// thread-safe.
/// </summary>
internal sealed class FeatureReader
{
    private readonly List<(CapturedTensor Tensor, JsonEncodedText[] Names)> _inputs;
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public FeatureReader(
        ModelVersion version,
        IReadOnlyList<TensorMetadata> declared,
        List<CapturedTensor> inputs
    )
    {
        IReadOnlyList<string> defined = version.Kind switch
        {
            ModelKind.Logistic => version.GetLogistic().Inputs,
            ModelKind.Linear when version.Definition is { } definition => LinearDefinition.Read(definition).Inputs,
            _ => declared is [{ ColumnNames: var names }] ? names : [],
        };

        // The elements of an image, say, mean nothing one by one.
        var isTooWide = inputs.Sum(i => (long)i.Width) > PredictionsValidator.MaxFeatures;
        _inputs = isTooWide ? [] : [.. inputs.Select(i => (i, Encode(GetNames(i, defined))))];
    }

    /// <summary>The features of a row as a JSON object; null: none are captured.</summary>
    public string? Read(int row)
    {
        if (_inputs.Count == 0)
        {
            return null;
        }

        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer))
        {
            json.WriteStartObject();
            foreach (var (tensor, names) in _inputs)
            {
                for (var i = 0; i < names.Length; i++)
                {
                    json.WritePropertyName(names[i]);
                    Write(json, tensor, row, i);
                }
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(_buffer.WrittenSpan);
    }

    private static JsonEncodedText[] Encode(string[] names) =>
        Array.ConvertAll(names, name => JsonEncodedText.Encode(name));

    private static string[] GetNames(CapturedTensor input, IReadOnlyList<string> defined) =>
        input.Width == defined.Count ? [.. defined]
        : input.Width == 1 ? [input.Name]
        :
        [
            .. Enumerable
                .Range(0, input.Width)
                .Select(i => $"{input.Name}[{i.ToString(CultureInfo.InvariantCulture)}]"),
        ];

    private static void Write(Utf8JsonWriter json, CapturedTensor tensor, int row, int column)
    {
        if (tensor.GetText(row, column) is { Length: <= PredictionsValidator.MaxName } text)
        {
            json.WriteStringValue(text);
        }
        else if (tensor.IsNumeric && double.IsFinite(tensor.GetNumber(row, column)))
        {
            NumberWriter.Write(json, tensor.GetNumber(row, column));
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
