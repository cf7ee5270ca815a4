using System.Text.Json;
using static CogniForge.ServingDemo.Figures;

namespace CogniForge.ServingDemo;

/// <summary>
/// The life of a model in <c>serving</c>: trained, registered, watched in the shadow, rolled out as a canary, tested
/// against its predecessor, measured against the truth, and watched for drift.
/// </summary>
internal sealed class Demo(ServingClient serving, TextWriter output, TimeProvider time)
{
    private const int Units = 600;
    private const int ShiftedBatches = 100;

    // Every replica follows a change within two seconds.
    private static readonly TimeSpan _propagation = TimeSpan.FromSeconds(2);
    private static readonly int[] _shares = [10, 50];
    private readonly DemoModel _model = new(serving, Samples.Load(), time);

    public async Task RunAsync()
    {
        await RegisterAsync();
        await RollOutAsync();
        await ExperimentAsync();
        await AddTruthAsync();
        await DriftAsync();
        await ReportAsync();
    }

    private async Task RegisterAsync()
    {
        Title("Train and register");
        var trainer = new Trainer(_model.Samples);
        await serving.PostAsync("/api/v1/serving/models", new { name = _model.Name, description = "The serving demo" });
        foreach (var trained in new[] { trainer.TrainBaseline(), trainer.TrainTrees() })
        {
            var version = await _model.AddVersionAsync(
                new
                {
                    kind = "onnx",
                    task = "classification",
                    description = trained.Name,
                    lineage = new { metrics = new { accuracy = trained.Accuracy } },
                }
            );
            await serving.UploadAsync($"{_model.Path}/versions/{version}/artifact", trained.Onnx);
            await _model.ServeAsync(version);
            var share = Percent(trained.Accuracy);
            Line($"version {version}: {trained.Name}, ONNX; right on {share} of the held-out rows");
        }

        var trees = await File.ReadAllTextAsync(Samples.GetPath("breast-cancer.xgboost.json"));
        var third = await _model.AddVersionAsync(
            new
            {
                kind = "xgboost",
                task = "classification",
                description = "XGBoost's trees on all 30 features",
                definition = JsonElement.Parse(trees),
            }
        );
        await _model.ServeAsync(third);
        Line($"version {third}: XGBoost's trees, its own JSON");
        await serving.PutAsync($"{_model.Path}/aliases/champion", new { version = 1 });
    }

    private async Task RollOutAsync()
    {
        Title("Shadow and canary");
        await serving.PutAsync($"{_model.Path}/shadows/2", new { sampleRate = 1 });
        await Task.Delay(_propagation);
        await _model.ClassifyAsync(_model.Champion, passes: 2);
        var report = await DemoModel.WaitAsync(
            () => serving.GetAsync($"{_model.Path}/shadows/2/report?hours=1"),
            r => Count(r, "requests") >= 2 * _model.Samples.HeldOut.Count
        );
        var compared = report.GetProperty("outputs")[0];
        Line(
            $"version 2 in the shadow of version 1: {Count(report, "requests")} copies, "
                + $"{Count(report, "failed")} failed; "
                + $"its probability differs by {Number(compared, "meanDifference")} on average"
        );
        await serving.DeleteAsync($"{_model.Path}/shadows/2");
        await serving.PutAsync(
            $"{_model.Path}/routing",
            new
            {
                strategy = "canary",
                targets = new[] { new { version = 1 }, new { version = 2 } },
                canary = new
                {
                    steps = _shares,
                    stepSeconds = 1,
                    minRequests = 50,
                    maxLatencyRatio = 1_000,
                },
            }
        );
        using var timeout = new CancellationTokenSource(DemoModel.Patience);
        var canary = await GetCanaryAsync();
        for (var share = 0.0; canary.GetProperty("status").GetString() == "running"; canary = await GetCanaryAsync())
        {
            if (canary.GetProperty("share").GetDouble() is var now && now != share)
            {
                Line($"version 2 gets {share = now} % of the requests");
            }

            await _model.ClassifyAsync(_model.Name, passes: 1);
            await Task.Delay(TimeSpan.FromMilliseconds(200));
            if (timeout.IsCancellationRequested)
            {
                throw new DemoException($"The canary did not end in {DemoModel.Patience}.");
            }
        }

        Line($"the canary is {canary.GetProperty("status")}. {canary.GetProperty("reason")}".TrimEnd());
        await serving.DeleteAsync($"{_model.Path}/routing");

        async Task<JsonElement> GetCanaryAsync() =>
            (await serving.GetAsync($"{_model.Path}/routing")).GetProperty("canary");
    }

    private async Task ExperimentAsync()
    {
        Title("A/B test");
        var path = $"/api/v1/serving/experiments/{_model.Name}";
        await serving.PostAsync(
            "/api/v1/serving/experiments",
            new
            {
                name = _model.Name,
                model = _model.Name,
                variants = new[]
                {
                    new { name = "texture", version = 1 },
                    new { name = "trees", version = 3 },
                },
                primaryMetric = new { name = "as-diagnosed", kind = "binary" },
            }
        );
        await serving.PostAsync($"{path}/start");
        await Task.Delay(_propagation);
        var outcomes = new object[Units];
        await _model.SendAsync(
            Units,
            async (i, id) =>
            {
                var row = _model.Samples.HeldOut[i % _model.Samples.HeldOut.Count];
                var isRight = await _model.InferAsync(_model.Name, id, row, $"patient-{i}");
                outcomes[i] = new
                {
                    id,
                    metric = "as-diagnosed",
                    value = isRight ? 1 : 0,
                    requestId = id,
                };
            }
        );
        await serving.PostAsync($"{path}/outcomes", new { outcomes });
        var results = await DemoModel.WaitAsync(
            () => serving.GetAsync($"{path}/results"),
            r => GetVariants(r).Sum(v => Count(v, "units")) >= Units
        );
        foreach (var variant in GetVariants(results))
        {
            var name = variant.GetProperty("variant");
            Line($"{name}: {Count(variant, "units")} units, {Percent(variant, "mean")} right");
        }

        var verdict = results.GetProperty("verdict");
        Line($"verdict: {verdict.GetProperty("decision")}. {verdict.GetProperty("reason")}");
        if (verdict.GetProperty("variant").GetString() is { } winner)
        {
            await serving.PostAsync($"{path}/promote", new { variant = winner });
            Line($"promoted: the alias champion now leads to the version of '{winner}'");
        }
    }

    private static JsonElement.ArrayEnumerator GetVariants(JsonElement results) =>
        results.GetProperty("metrics")[0].GetProperty("variants").EnumerateArray();

    private async Task AddTruthAsync()
    {
        Title("Ground truth");
        foreach (var batch in _model.Truth.Chunk(1_000))
        {
            await serving.PostAsync(
                $"{_model.Path}/ground-truth",
                new { items = batch.Select(t => new { id = t.Id, actual = new { @class = t.IsBenign ? "1" : "0" } }) }
            );
        }

        foreach (var version in new[] { 1, 2, 3 })
        {
            var report = await DemoModel.WaitAsync(
                () => serving.GetAsync($"{_model.Path}/metrics/accuracy?version={version}"),
                r => r.GetProperty("classification").ValueKind == JsonValueKind.Object
            );
            var classes = report.GetProperty("classification");
            Line(
                $"version {version}: {Percent(classes, "accuracy")} accuracy, ROC AUC {Number(classes, "rocAuc")}, "
                    + $"Brier score {Number(classes, "brierScore")} on {Count(report, "rows")} captured rows"
            );
        }
    }

    private async Task DriftAsync()
    {
        Title("Drift");
        await _model.ClassifyAsync(_model.Champion, passes: 10);
        await serving.PutAsync(
            $"{_model.Path}/drift/reference",
            new
            {
                from = _model.Registered,
                to = time.GetUtcNow(),
                settings = new { minRows = 50, version = 3 },
            }
        );
        await _model.ClassifyAsync(_model.Champion, passes: 10);
        await EvaluateAsync("the same clinic");

        // Another clinic's images have another scale.
        var batch = _model.Samples.HeldOut.Select(s => s.Features.Select(v => v * 1.5f).ToArray()).ToList();
        await _model.SendAsync(ShiftedBatches, (_, id) => serving.InferAsync(_model.Champion, id, batch));
        await EvaluateAsync("another clinic, whose figures are half as large again");
    }

    private async Task EvaluateAsync(string what)
    {
        var evaluation = await serving.PostAsync($"{_model.Path}/drift/evaluations");
        var columns = evaluation.GetProperty("columns");
        var drifted = columns.EnumerateArray().Count(c => c.GetProperty("isDrifted").GetBoolean());
        Line(
            $"{what}: {(evaluation.GetProperty("isDrifted").GetBoolean() ? "drift" : "no drift")}, "
                + $"{drifted} of {columns.GetArrayLength()} columns over {Count(evaluation, "rows")} rows"
        );
    }

    private async Task ReportAsync()
    {
        Title("Report");
        var report = await serving.GetAsync($"{_model.Path}/metrics/performance");
        Line($"verdict: {report.GetProperty("verdict")}");
        foreach (var reason in report.GetProperty("reasons").EnumerateArray())
        {
            Line($"  {reason}");
        }

        foreach (var version in report.GetProperty("usage").GetProperty("versions").EnumerateArray())
        {
            var latency = version.GetProperty("latencyMs");
            Line(
                $"version {version.GetProperty("version")}: {Count(version, "requests")} requests, "
                    + $"{Count(version, "rows")} rows, p50 {Number(latency, "p50")} ms, "
                    + $"p99 {Number(latency, "p99")} ms"
            );
        }

        Line($"the model stays registered as {_model.Name}");
    }

    private void Title(string text) => output.WriteLine($"\n{text}");

    private void Line(string text) => output.WriteLine($"  {text}");
}
