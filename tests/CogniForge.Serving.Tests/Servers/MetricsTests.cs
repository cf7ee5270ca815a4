using System.Text.Json;
using CogniForge.Serving.Tests.Metrics;
using CogniForge.Serving.Tests.Models;

namespace CogniForge.Serving.Tests.Servers;

/// <summary>Predictions and their metrics are the same in memory and in Postgres.</summary>
[Trait("Category", "Servers")]
public sealed class MetricsTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Record_SameIdAgain_CountsOnce(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var metrics = new MetricsClient(service.Client, "churn");
        await metrics.RegisterAsync();
        var rows = new[] { Yes("a"), Yes("b"), MetricsClient.Prediction("b", """{"class":"no"}""") };

        Assert.Equal("""{"recorded":2,"duplicates":1}""", (await metrics.RecordAsync(rows)).GetRawText());
        Assert.Equal("""{"recorded":0,"duplicates":3}""", (await metrics.RecordAsync(rows)).GetRawText());
        await metrics.RecordTruthAsync("""{"id":"b","actual":{"class":"yes"}}""");
        Assert.Equal(1, (await metrics.GetClassificationAsync()).GetProperty("accuracy").GetDouble());
        var other = await metrics.PostAsync(
            200,
            "predictions",
            $$"""{"source":"app","version":1,"predictions":[{{Yes("a")}}]}"""
        );
        Assert.Equal(1, other.GetProperty("recorded").GetInt32());
        var usage = await metrics.GetAsync("metrics/usage");
        Assert.Equal(3, usage.GetProperty("versions")[0].GetProperty("requests").GetInt32());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GroundTruth_BeforeAndAfterPrediction_LastWins(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var metrics = new MetricsClient(service.Client, "churn");
        await metrics.RegisterAsync();
        await metrics.RecordTruthAsync("""{"id":"early","actual":{"class":"yes"}}""");
        await metrics.RecordAsync(Yes("early"), Yes("late"), Yes("never"));
        await metrics.RecordTruthAsync(
            """{"id":"late","actual":{"class":"yes"}}""",
            """{"id":"late","actual":{"class":"no"}}"""
        );

        Assert.Equal((2, 0.5), Read(await metrics.GetClassificationAsync()));
        await metrics.RecordTruthAsync("""{"id":"late","actual":{"class":"yes"}}""");
        Assert.Equal((2, 1.0), Read(await metrics.GetClassificationAsync()));

        static (int, double) Read(JsonElement classification) =>
            (classification.GetProperty("count").GetInt32(), classification.GetProperty("accuracy").GetDouble());
    }

    // Expected: the example of roc_auc_score and average_precision_score in scikit-learn's documentation, and log_loss,
    // brier_score_loss and precision_recall_fscore_support by their definitions.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Accuracy_Scores_EqualsScikitLearn(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var metrics = new MetricsClient(service.Client, "churn");
        await metrics.RegisterAsync();
        double[] scores = [0.1, 0.4, 0.35, 0.8];
        await metrics.RecordAsync(
            scores.Select(
                (s, i) =>
                    MetricsClient.Prediction(
                        $"{i}",
                        $$$"""{"class":"{{{(s >= 0.5 ? 1 : 0)}}}","scores":{"1":{{{MetricsClient.Number(s)}}}}}""",
                        $$""","actual":{"class":"{{i / 2}}"}"""
                    )
            )
        );

        var report = await metrics.GetClassificationAsync();
        Assert.Equal(0.75, report.GetProperty("accuracy").GetDouble());
        Assert.Equal("1", report.GetProperty("positiveClass").GetString());
        Assert.Equal(0.75, report.GetProperty("rocAuc").GetDouble(), Tolerance);
        Assert.Equal(0.8333333333333333, report.GetProperty("prAuc").GetDouble(), Tolerance);
        Assert.Equal(0.47228795380917615, report.GetProperty("logLoss").GetDouble(), Tolerance);
        Assert.Equal(0.158125, report.GetProperty("brierScore").GetDouble(), Tolerance);
        Assert.Equal(
            """{"labels":["0","1"],"counts":[[2,0],[1,1]]}""",
            report.GetProperty("confusionMatrix").GetRawText()
        );
        Assert.Equal(0.7333333333333334, report.GetProperty("macro").GetProperty("f1").GetDouble(), Tolerance);
        var negative = await metrics.GetClassificationAsync("?positiveClass=0");
        Assert.Equal(0.75, negative.GetProperty("rocAuc").GetDouble(), Tolerance);
    }

    // Expected: the example of scikit-learn's documentation for mean_absolute_error and r2_score.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Accuracy_Numbers_EqualsScikitLearn(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var metrics = new MetricsClient(service.Client, "price");
        await metrics.RegisterAsync();
        (double Actual, double Predicted)[] rows = [(3, 2.5), (-0.5, 0), (2, 2), (7, 8)];
        await metrics.RecordAsync(
            rows.Select(
                (r, i) =>
                    MetricsClient.Prediction(
                        $"{i}",
                        $$"""{"number":{{MetricsClient.Number(r.Predicted)}}}""",
                        $$""","actual":{"number":{{MetricsClient.Number(r.Actual)}}}"""
                    )
            )
        );

        var report = (await metrics.GetAsync("metrics/accuracy")).GetProperty("regression");
        Assert.Equal(0.5, report.GetProperty("meanAbsoluteError").GetDouble(), Tolerance);
        Assert.Equal(0.6123724356957945, report.GetProperty("rootMeanSquaredError").GetDouble(), Tolerance);
        Assert.Equal(0.9486081370449679, report.GetProperty("rSquared").GetDouble(), Tolerance);
    }

    // Expected: rouge_scorer_test.py of google-research/rouge; perplexity by its definition: four tokens of p = 1/4.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Accuracy_Texts_EqualsReferences(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var metrics = new MetricsClient(service.Client, "writer");
        await metrics.RegisterAsync();
        await metrics.RecordAsync(
            MetricsClient.Prediction(
                "a",
                """{"text":"testing two"}""",
                $$""","outputTokens":4,"logProbability":{{MetricsClient.Number(4 * Math.Log(0.25))}}"""
            )
        );
        await metrics.RecordTruthAsync("""{"id":"a","actual":{"text":"testing one two"}}""");

        var report = (await metrics.GetAsync("metrics/accuracy")).GetProperty("text");
        var rouge = report.GetProperty("rougeL");
        Assert.Equal(1, rouge.GetProperty("precision").GetDouble(), Tolerance);
        Assert.Equal(2 / 3.0, rouge.GetProperty("recall").GetDouble(), Tolerance);
        Assert.Equal(0.8, rouge.GetProperty("f1").GetDouble(), Tolerance);
        Assert.Equal(4, report.GetProperty("perplexity").GetDouble(), Tolerance);
        Assert.Equal("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp", report.GetProperty("bleuSignature").GetString());
    }

    // Expected: percentile of NumPy over 1 to 100; the cost by hand.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Usage_Latencies_EqualsNumPy(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var metrics = new MetricsClient(service.Client, "churn");
        await metrics.RegisterAsync(
            """{"kind":"external","price":{"perRequest":0.01,"perThousandTokens":2,"perSecond":0.1}}"""
        );
        await metrics.RecordAsync(
            Enumerable
                .Range(1, 100)
                .Select(ms =>
                    MetricsClient.Prediction(
                        $"{ms}",
                        """{"class":"yes"}""",
                        $$""","latencyMs":{{ms}},"inputTokens":3,"outputTokens":2"""
                    )
                )
        );

        var usage = await metrics.GetAsync("metrics/usage");
        var version = usage.GetProperty("versions")[0];
        var latency = version.GetProperty("latencyMs");
        Assert.Equal(
            [50.5, 90.1, 95.05, 99.01],
            new[] { "p50", "p90", "p95", "p99" }.Select(p => Math.Round(latency.GetProperty(p).GetDouble(), 9))
        );
        Assert.Equal(500, version.GetProperty("tokens").GetInt32());
        Assert.Equal(100 / 86_400.0, version.GetProperty("requestsPerSecond").GetDouble(), 1e-6);
        Assert.Equal(2.505, usage.GetProperty("cost").GetDouble(), Tolerance);
    }

    // Expected: Fairlearn's user guide, assessment.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fairness_ThreeGroups_EqualsFairlearn(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var metrics = new MetricsClient(service.Client, "loans");
        await metrics.RegisterAsync();
        const string Actual = "011110101000111111";
        const string Predicted = "001011100111100110";
        const string Groups = "bbabbcccaacabccbcc";
        await metrics.RecordAsync(
            Enumerable
                .Range(0, Actual.Length)
                .Select(i => MetricsClient.Prediction($"{i}", $$"""{"class":"{{Predicted[i]}}"}"""))
        );
        await metrics.RecordTruthAsync(
            Enumerable
                .Range(0, Actual.Length)
                .Select(i =>
                    $$$"""
                    {"id":"{{{i}}}","actual":{"class":"{{{Actual[i]}}}"},"groups":{"g":"{{{Groups[i]}}}"}}
                    """
                )
        );

        var report = await metrics.GetAsync("metrics/fairness?attribute=g&privileged=a");
        Assert.Equal(18, report.GetProperty("rows").GetInt32());
        Assert.Equal(0.25, report.GetProperty("demographicParityDifference").GetDouble(), Tolerance);
        Assert.Equal(2 / 3.0, report.GetProperty("disparateImpactRatio").GetDouble(), Tolerance);
        Assert.Equal(1, report.GetProperty("equalizedOddsDifference").GetDouble(), Tolerance);
        Assert.Equal(0, report.GetProperty("equalizedOddsRatio").GetDouble(), Tolerance);
        Assert.Equal(0.2, report.GetProperty("equalOpportunityDifference").GetDouble(), Tolerance);
        Assert.True(report.GetProperty("isBelowFourFifths").GetBoolean());
        Assert.Equal(
            (0.5 - 0.75, 0.5 / 0.75),
            (
                report.GetProperty("privileged").GetProperty("statisticalParityDifference").GetDouble(),
                report.GetProperty("privileged").GetProperty("disparateImpactRatio").GetDouble()
            )
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Infer_Sampled_IsJoinedWithGroundTruth(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres, ("Metrics:SampleRate", "1"));
        using (await service.RegisterAsync(ModelJson.Create("signs")))
        using (
            await service.Client.PostAsync(
                "/v2/models/signs/infer",
                """
                {"id":"r1","inputs":[{"name":"features","datatype":"FP64","shape":[2,2],"data":[3,0,-3,0]}]}
                """
            )
        )
        {
            var metrics = new MetricsClient(service.Client, "signs");
            await metrics.PostAsync(
                200,
                "ground-truth",
                """
                {"items":[{"id":"r1","row":0,"actual":{"class":"yes"}},{"id":"r1","row":1,"actual":{"class":"yes"}}]}
                """
            );
            var report = await Until.GetAsync(
                () => metrics.GetClassificationAsync(),
                r => r.ValueKind == JsonValueKind.Object && r.GetProperty("count").GetInt32() == 2
            );
            Assert.Equal(
                """{"labels":["no","yes"],"counts":[[0,0],[1,1]]}""",
                report.GetProperty("confusionMatrix").GetRawText()
            );
            Assert.Equal(2, report.GetProperty("scored").GetInt32());
        }
    }

    [Fact]
    public async Task Delete_Model_DeletesItsPredictions()
    {
        await using var service = await StartAsync(isInPostgres: true);
        var metrics = new MetricsClient(service.Client, "churn");
        await metrics.RegisterAsync();
        await metrics.RecordAsync(Yes("a"));
        await new RegistryClient(service.Client).ReadAsync(204, "DELETE", "/churn");

        await metrics.RegisterAsync();
        Assert.Equal(0, (await metrics.GetAsync("metrics/usage")).GetProperty("versions").GetArrayLength());
        Assert.Equal(1, (await metrics.RecordAsync(Yes("a"))).GetProperty("recorded").GetInt32());
    }

    private static string Yes(string id) => MetricsClient.Prediction(id, """{"class":"yes"}""");

    private async Task<ServingService> StartAsync(bool isInPostgres, params (string, string)[] settings) =>
        isInPostgres
            ? await ServingOnPostgres.StartAsync(await postgres.NewDatabaseAsync(), settings: settings)
            : new ConfiguredService(settings);

    private sealed class ConfiguredService(params (string, string)[] settings)
        : ServingService(TimeProvider.System, settings);
}
