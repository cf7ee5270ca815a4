using System.Globalization;
using CogniForge.ServiceDefaults;
using CogniForge.Serving.Inference;
using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>Reads predictions from the tensors of an inference.</summary>
internal static class CapturedPredictions
{
    /// <summary>The first rows of an inference; empty if its outputs are not measured.</summary>
    /// <param name="version">The version.</param>
    /// <param name="declared">The inputs that its runner declares.</param>
    /// <param name="request">The request.</param>
    /// <param name="response">The response.</param>
    /// <param name="record">The record of the inference.</param>
    /// <param name="options">What is captured.</param>
    public static List<Prediction> Read(
        ModelVersion version,
        IReadOnlyList<TensorMetadata> declared,
        InferRequest request,
        InferResponse response,
        InferenceRecord record,
        MetricsOptions options
    )
    {
        var requestId = request.Id is { Length: > 0 and <= PredictionsValidator.MaxName } id && !id.Contains('\0')
            ? id
            : record.Id.ToString();
        var max = options.MaxCapturedRows;
        var outputs = CapturedTensor.Read(response.Outputs, request.Rows, max);
        var task = GetTask(version, outputs);
        if (task == ModelTask.Embedding || (task == ModelTask.TextGeneration && !options.CaptureTexts))
        {
            return [];
        }

        var features =
            task == ModelTask.TextGeneration
                ? null
                : new FeatureReader(version, declared, CapturedTensor.Read(request.Inputs, request.Rows, max));
        var predictions = new List<Prediction>();
        for (var row = 0; row < Math.Min(request.Rows, max); row++)
        {
            if (ReadOutput(task, version, outputs, row) is { } output)
            {
                predictions.Add(
                    new()
                    {
                        Id = OrderedId.Create(record.OccurredAt),
                        Key = new(version.Name, Prediction.ServedHere, requestId, row),
                        Version = version.Version,
                        OccurredAt = StoredTime.Truncate(record.OccurredAt),
                        Features = features?.Read(row),
                        Output = output,
                        LatencyMs = record.DurationMs,
                    }
                );
            }
        }

        return predictions;
    }

    private static ModelTask GetTask(ModelVersion version, List<CapturedTensor> outputs) =>
        version.Details.Task
        ?? version.Kind switch
        {
            ModelKind.Logistic => ModelTask.Classification,
            ModelKind.Linear => ModelTask.Regression,
            ModelKind.Llm => ModelTask.TextGeneration,
            _ => outputs.Any(o => !o.IsFloat) ? ModelTask.Classification : ModelTask.Regression,
        };

    private static PredictedOutput? ReadOutput(
        ModelTask task,
        ModelVersion version,
        List<CapturedTensor> outputs,
        int row
    )
    {
        switch (task)
        {
            case ModelTask.Classification:
                return ReadClass(version, outputs, row);
            case ModelTask.Regression:
                var number = outputs.Find(o => o.IsNumeric && o.Width == 1)?.GetNumber(row, 0);
                return number is { } finite && double.IsFinite(finite) ? new(Number: finite) : null;
            default:
                var text = outputs.Find(o => o.Width == 1)?.GetText(row, 0);
                return text is null ? null : new(Text: text[..Math.Min(text.Length, PredictionsValidator.MaxText)]);
        }
    }

    private static PredictedOutput? ReadClass(ModelVersion version, List<CapturedTensor> outputs, int row)
    {
        IReadOnlyList<string> names = version.Kind == ModelKind.Logistic ? version.GetLogistic().Classes : [];
        var scores = outputs.Find(o => o.IsFloat) is { } tensor ? ReadScores(tensor, row, GetName) : null;
        var labels = outputs.Find(o => !o.IsFloat && o.Width == 1);
        var label =
            labels is not null
                ? labels.GetText(row, 0) ?? labels.GetNumber(row, 0).ToString("F0", CultureInfo.InvariantCulture)
            : scores is null ? null
            : scores.Count > 1 ? scores.MaxBy(s => s.Value).Key
            : GetName(scores.Single().Value >= 0.5 ? 1 : 0);
        return label is { Length: > 0 and <= PredictionsValidator.MaxName } ? new(label, scores) : null;

        string GetName(int index) =>
            index < names.Count ? names[index] : index.ToString(CultureInfo.InvariantCulture);
    }

    private static Dictionary<string, double>? ReadScores(CapturedTensor tensor, int row, Func<int, string> getName)
    {
        if (tensor.Width > PredictionsValidator.MaxScores)
        {
            return null;
        }

        var scores = new Dictionary<string, double>();
        for (var i = 0; i < tensor.Width; i++)
        {
            var score = tensor.GetNumber(row, i);
            if (score is not (>= 0 and <= 1))
            {
                return null; // no probabilities
            }

            // One number is the probability of the second class.
            scores[getName(tensor.Width == 1 ? 1 : i)] = score;
        }

        return scores;
    }
}
