using System.Diagnostics;
using CogniForge.Bench.Measuring;
using CogniForge.Bench.Reporting;
using CogniForge.Serving.Runners.XGBoost;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace CogniForge.Bench.Suites.Serving.Trees;

/// <summary>The same trees in our scorer, ONNX Runtime and LightGBM's native library, on one thread each.</summary>
internal sealed class TreeScorers : IDisposable
{
    private const double Tolerance = 1e-4; // sums of 100 float32 in other orders
    private static readonly int[] _batches = [1, 100, 10_000];

    private readonly XGBoostModel _ours;
    private readonly InferenceSession _onnx;
    private readonly LightGbmModel? _lightGbm;
    private readonly float[] _rows;
    private readonly float[] _predictions = new float[_batches[^1]];
    private readonly double[] _doubles = new double[_batches[^1]];

    private TreeScorers(RandomTrees trees, XGBoostModel ours)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        _ours = ours;
        _onnx = new InferenceSession(OnnxFormat.Write(trees), options);
        try
        {
            _lightGbm = new LightGbmModel(LightGbmFormat.Write(trees));
        }
        catch (DllNotFoundException)
        {
            // The package has libraries for x64 only, which need libgomp on Linux.
        }

        _rows = trees.CreateRows(_batches[^1]);
    }

    /// <summary>Measures each scorer with few and many rows at a time.</summary>
    /// <exception cref="BenchException">The scorers do not agree.</exception>
    public static async Task<Table> MeasureAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var trees = new RandomTrees();
        using var json = new MemoryStream(XGBoostFormat.Write(trees));
        using var scorers = new TreeScorers(trees, await XGBoostReader.ReadAsync(json, cancellationToken));
        scorers.Compare();
        return new(
            [
                $"{RandomTrees.Trees} trees of depth {RandomTrees.Depth}, {RandomTrees.Features} features, one thread",
                .. _batches.Select(b => $"rows/s, {b:N0} at once"),
            ],
            [
                new([.. scorers.Measure("ours", scorers.PredictOurs, options, cancellationToken)]),
                new([.. scorers.Measure("ONNX Runtime", scorers.PredictOnnx, options, cancellationToken)]),
                scorers._lightGbm is null
                    ? new(["LightGBM's library does not load here", .. _batches.Select(_ => "")])
                    : new([.. scorers.Measure("LightGBM", scorers.PredictLightGbm, options, cancellationToken)]),
            ]
        );
    }

    public void Dispose()
    {
        _onnx.Dispose();
        _lightGbm?.Dispose();
    }

    private IEnumerable<string> Measure(
        string name,
        Action<int> predict,
        BenchOptions options,
        CancellationToken cancellationToken
    )
    {
        yield return name;
        foreach (var batch in _batches)
        {
            _ = GetRowsPerSecond(predict, batch, options.Duration, cancellationToken); // compiles
            yield return Figure.Whole(
                Round.GetMedian(
                    Enumerable.Range(0, options.Rounds),
                    _ => GetRowsPerSecond(predict, batch, options.Duration, cancellationToken)
                )
            );
        }
    }

    private static double GetRowsPerSecond(
        Action<int> predict,
        int batch,
        TimeSpan duration,
        CancellationToken cancellationToken
    )
    {
        var start = Stopwatch.GetTimestamp();
        long rows = 0;
        TimeSpan elapsed;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            predict(batch);
            rows += batch;
            elapsed = Stopwatch.GetElapsedTime(start);
        } while (elapsed < duration);

        return rows / elapsed.TotalSeconds;
    }

    private void PredictOurs(int rows) =>
        _ours.Predict(_rows.AsSpan(0, rows * RandomTrees.Features), _predictions.AsSpan(0, rows));

    private void PredictOnnx(int rows)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance,
            _rows.AsMemory(0, rows * RandomTrees.Features),
            [rows, RandomTrees.Features]
        );
        using var run = new RunOptions();
        using var outputs = _onnx.Run(run, [OnnxFormat.Input], [input], [OnnxFormat.Output]);
        outputs[0].GetTensorDataAsSpan<float>().CopyTo(_predictions);
    }

    private void PredictLightGbm(int rows) =>
        _lightGbm!.Predict(_rows.AsSpan(0, rows * RandomTrees.Features), _doubles.AsSpan(0, rows));

    private void Compare()
    {
        PredictOurs(_batches[^1]);
        var ours = _predictions.ToArray();
        PredictOnnx(_batches[^1]);
        _lightGbm?.Predict(_rows, _doubles);
        for (var row = 0; row < ours.Length; row++)
        {
            if (
                Math.Abs(ours[row] - _predictions[row]) > Tolerance
                || (_lightGbm is not null && Math.Abs(ours[row] - _doubles[row]) > Tolerance)
            )
            {
                throw new BenchException(
                    $"Row {row}: ours {ours[row]}, ONNX Runtime {_predictions[row]}, LightGBM {_doubles[row]}."
                );
            }
        }
    }
}
