using System.Net;
using System.Text.Json;
using CogniForge.Serving.Tests.Metrics;
using Dapper;
using Npgsql;

namespace CogniForge.Serving.Tests.Servers;

/// <summary>Drift is the same in memory and in Postgres.</summary>
[Trait("Category", "Servers")]
public sealed class DriftTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    // The outbox forgets an event that was published.
    private const string NoteEvents = """
        CREATE TABLE noted (type text, data bytea);
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO noted VALUES (NEW.type, NEW.data);
            RETURN NEW;
        END $$;
        CREATE TRIGGER note BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION note();
        """;

    private static readonly double[] _reference = [38.7, 41.5, 43.8, 44.5, 45.5, 46, 47.7, 58];
    private static readonly double[] _current = [39.2, 39.3, 39.7, 41.4, 41.8, 42.9, 43.3, 45.8];

    // Expected: Evidently's example data (tests/stattests/test_stattests.py), the exact p by SciPy's ks_2samp.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Evaluate_Numbers_EqualsSciPy(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var metrics = new MetricsClient(service.Client, "churn");
        await metrics.RegisterAsync();
        await PutAsync(metrics, _reference.Select(x => $$"""{"x":{{MetricsClient.Number(x)}}}"""), minRows: 8);
        await RecordAsync(metrics, _current.Select(x => $$"""{"x":{{MetricsClient.Number(x)}}}"""));

        var column = Assert.Single((await EvaluateAsync(metrics)).GetProperty("columns").EnumerateArray());
        Assert.Equal("kolmogorovSmirnov", column.GetProperty("test").GetString());
        Assert.Equal(0.0870240870, column.GetProperty("score").GetDouble(), 1e-9);
        Assert.False(column.GetProperty("isDrifted").GetBoolean());
    }

    // Expected: Evidently's example data (tests/stattests/test_stattests.py).
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Evaluate_Categories_EqualsEvidently(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var metrics = new MetricsClient(service.Client, "churn");
        await metrics.RegisterAsync();
        await PutAsync(metrics, Repeat([16, 18, 16, 14, 12, 12]), minRows: 88);
        await RecordAsync(metrics, Repeat([16, 16, 16, 16, 16, 8]));

        var column = Assert.Single((await EvaluateAsync(metrics)).GetProperty("columns").EnumerateArray());
        Assert.Equal("chiSquare", column.GetProperty("test").GetString());
        Assert.Equal(0.67309, column.GetProperty("score").GetDouble(), 1e-5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Evaluate_BadValues_ReportsQuality(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var metrics = new MetricsClient(service.Client, "churn");
        await metrics.RegisterAsync();
        await PutAsync(
            metrics,
            ["""{"age":20,"plan":"basic"}""", """{"age":60,"plan":"family"}""", """{"age":40,"plan":"basic"}"""],
            minRows: 4
        );
        await RecordAsync(
            metrics,
            [
                """{"age":200,"plan":"gold"}""",
                """{"age":null,"plan":"gold"}""",
                """{"plan":"basic"}""",
                """{"age":30,"plan":"silver"}""",
            ]
        );

        var columns = (await EvaluateAsync(metrics)).GetProperty("columns");
        var age = columns[0].GetProperty("quality");
        Assert.Equal(0.5, age.GetProperty("missingShare").GetDouble());
        Assert.Equal(0.25, age.GetProperty("outOfRangeShare").GetDouble());
        var plan = columns[1].GetProperty("quality");
        Assert.Equal(0.75, plan.GetProperty("newCategoryShare").GetDouble());
        Assert.Equal("""["gold","silver"]""", plan.GetProperty("newCategories").GetRawText());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PutReference_CapturedWindow_ComparesWithIt(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var metrics = new MetricsClient(service.Client, "churn");
        await metrics.RegisterAsync();
        await metrics.RecordAsync(
            Enumerable
                .Range(0, 50)
                .Select(i =>
                    MetricsClient.Prediction(
                        $"{i}",
                        $$"""{"class":"{{(i % 2 == 0 ? "a" : "b")}}"}""",
                        $$""","features":{"x":{{i}}},"occurredAt":"2026-01-01T00:00:{{i:00}}Z" """
                    )
                )
        );
        const string Window = """
            {"from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z","settings":{"minRows":50}}
            """;
        var reference = await metrics.PutAsync(200, "drift/reference", Window);
        Assert.Equal(50, reference.GetProperty("rows").GetInt32());
        Assert.Equal(
            [("x", false), ("class", true)],
            reference
                .GetProperty("columns")
                .EnumerateArray()
                .Select(c => (c.GetProperty("name").GetString(), c.GetProperty("isPrediction").GetBoolean()))
        );

        await metrics.PostAsync(409, "drift/evaluations");
        await metrics.RecordAsync(
            Enumerable
                .Range(0, 50)
                .Select(i =>
                    MetricsClient.Prediction(
                        $"new-{i}",
                        """{"class":"a"}""",
                        $$""","features":{"x":{{i + 40}}}"""
                    )
                )
        );
        var evaluation = await EvaluateAsync(metrics);
        Assert.Equal(1, evaluation.GetProperty("driftedShare").GetDouble());

        var snapshot = await metrics.GetAsync("metrics/performance");
        Assert.Equal("degraded", snapshot.GetProperty("verdict").GetString());
        Assert.Equal("2 of 2 columns drifted: x, class.", snapshot.GetProperty("reasons")[0].GetString());
    }

    [Fact]
    public async Task Evaluate_DriftLasts_PublishesOneEvent()
    {
        var database = await postgres.NewDatabaseAsync();
        await using var one = await ServingOnPostgres.StartAsync(database);
        await using var other = await ServingOnPostgres.StartAsync(database);
        var metrics = new MetricsClient(one.Client, "churn");
        await metrics.RegisterAsync();
        await PutAsync(metrics, Enumerable.Range(0, 50).Select(i => $$"""{"x":{{i}}}"""), minRows: 50);
        await RecordAsync(metrics, Enumerable.Range(100, 50).Select(i => $$"""{"x":{{i}}}"""));

        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync(NoteEvents);
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i => EvaluateAsync(i % 2 == 0 ? metrics : new MetricsClient(other.Client, "churn")))
        );

        var history = await new MetricsClient(other.Client, "churn").ListAsync("drift/evaluations", 3);
        Assert.True(history.Count >= 8); // the job may have added one
        Assert.All(history, e => Assert.True(e.GetProperty("isDrifted").GetBoolean()));
        var events = await connection.QueryAsync<byte[]>(
            "SELECT data FROM noted WHERE type = 'serving.drift.detected.v1'"
        );
        using var body = JsonDocument.Parse(Assert.Single(events));
        Assert.Equal("churn", body.RootElement.GetProperty("model").GetString());
        Assert.Equal("""["x"]""", body.RootElement.GetProperty("columns").GetRawText());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reference_Changed_IsAudited(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var metrics = new MetricsClient(service.Client, "churn");
        await metrics.RegisterAsync();
        await PutAsync(metrics, ["""{"x":1}"""], minRows: 1);
        await PutAsync(metrics, ["""{"x":1}""", """{"x":2}"""], minRows: 1);
        using (var deleted = await metrics.SendAsync("DELETE", "drift/reference"))
        {
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }

        using var again = await metrics.SendAsync("DELETE", "drift/reference");
        await Problem.ReadAsync(again, 404);
        using var audit = await service.Client.GetAsync(
            "/api/v1/serving/audit?resource=models/churn/drift/reference"
        );
        Assert.Equal(
            ["DeleteDriftReference 2 -", "PutDriftReference - 1", "PutDriftReference 1 2"],
            (await audit.ReadAsync(200))
                .GetProperty("items")
                .EnumerateArray()
                .Select(e => $"{e.GetProperty("action")} {CountRows(e, "before")} {CountRows(e, "after")}")
                .Order(StringComparer.Ordinal)
        );

        static string CountRows(JsonElement entry, string state) =>
            entry.GetProperty(state) is { ValueKind: JsonValueKind.Object } reference
                ? reference.GetProperty("rows").GetRawText()
                : "-";
    }

    [Fact]
    public async Task Job_IntervalPasses_EvaluatesByItself()
    {
        var clock = new FakeTimeProvider(TestTime.Start);
        var database = await postgres.NewDatabaseAsync();
        await using var one = await ServingOnPostgres.StartAsync(database, clock);
        await using var other = await ServingOnPostgres.StartAsync(database, clock);
        var metrics = new MetricsClient(one.Client, "churn");
        await metrics.RegisterAsync();
        await PutAsync(metrics, Enumerable.Range(0, 10).Select(i => $$"""{"x":{{i}}}"""), minRows: 10);
        await RecordAsync(metrics, Enumerable.Range(0, 10).Select(i => $$"""{"x":{{i}}}"""));

        var evaluations = await Until.GetAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMinutes(5));
                return metrics.ListAsync("drift/evaluations", 100);
            },
            list => list.Count > 0
        );
        Assert.False(evaluations[0].GetProperty("isDrifted").GetBoolean());
    }

    [Theory]
    [InlineData("{}", "rows")]
    [InlineData("""{"rows":[{"features":{"x":1}}],"settings":{"numericTest":"chiSquare"}}""", "settings.numericTest")]
    [InlineData(
        """{"rows":[{"features":{"x":1}}],"settings":{"numericTest":"totalVariation"}}""",
        "settings.numericTest"
    )]
    [InlineData("""{"rows":[]}""", "rows")]
    [InlineData("""{"rows":[{}]}""", "rows[0]")]
    [InlineData("""{"rows":[{"features":{"x":1}}],"from":"2026-01-01T00:00:00Z"}""", "rows")]
    [InlineData(
        """
        {"rows":[{"features":{"x":1}}],"settings":{"windowHours":0,"minRows":0,"numericTest":"proportionZ",
        "categoricalTest":"wasserstein","pValueThreshold":1,"distanceThreshold":0,"driftedShare":2}}
        """,
        "settings.categoricalTest",
        "settings.distanceThreshold",
        "settings.driftedShare",
        "settings.minRows",
        "settings.numericTest",
        "settings.pValueThreshold",
        "settings.windowHours"
    )]
    public async Task PutReference_Invalid_NamesFields(string json, params string[] fields)
    {
        await using var service = new ServingService();
        using var response = await new MetricsClient(service.Client, "any").SendAsync("PUT", "drift/reference", json);
        Assert.Equal(
            fields,
            (await Problem.ReadAsync(response, 400)).Errors!.Keys.Order(StringComparer.Ordinal)
        );
    }

    private static IEnumerable<string> Repeat(int[] counts) =>
        counts.SelectMany((count, i) => Enumerable.Repeat($$"""{"x":"c{{i}}"}""", count));

    private static Task<JsonElement> PutAsync(MetricsClient metrics, IEnumerable<string> rows, int minRows) =>
        metrics.PutAsync(
            200,
            "drift/reference",
            $$$"""
            {"rows":[{{{string.Join(',', rows.Select(r => $$"""{"features":{{r}}}"""))}}}],
            "settings":{"minRows":{{{minRows}}}}}
            """
        );

    private static Task<JsonElement> RecordAsync(MetricsClient metrics, IEnumerable<string> features) =>
        metrics.RecordAsync(
            features.Select((f, i) => MetricsClient.Prediction($"{i}", """{"text":"-"}""", $""","features":{f}"""))
        );

    private static Task<JsonElement> EvaluateAsync(MetricsClient metrics) =>
        metrics.PostAsync(200, "drift/evaluations");

    private async Task<ServingService> StartAsync(bool isInPostgres) =>
        isInPostgres
            ? await ServingOnPostgres.StartAsync(
                await postgres.NewDatabaseAsync(),
                settings: ("Metrics:RetentionDays", "3650") // the tests record old predictions
            )
            : new ServingService();
}
