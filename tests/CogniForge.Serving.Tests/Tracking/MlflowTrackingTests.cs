using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Serving.Tests.Servers;

namespace CogniForge.Serving.Tests.Tracking;

/// <summary>Experiments and runs by MLflow's API; the expected messages follow <c>service.proto</c>.</summary>
[Trait("Category", "Servers")]
public sealed class MlflowTrackingTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Experiments_CreatedAndChanged_AreFound(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var mlflow = new MlflowClient(service.Client);

        var missing = await mlflow.GetAsync("experiments/get-by-name?experiment_name=churn", 404);
        Assert.Equal("RESOURCE_DOES_NOT_EXIST", MlflowClient.Describe(missing));
        var created = await mlflow.PostAsync(
            "experiments/create",
            """{ "name": "churn", "artifact_location": "s3://runs", "tags": [{ "key": "team", "value": "growth" }] }"""
        );
        Assert.Equal("""{"experiment_id":"1"}""", created.GetRawText());
        var twice = await mlflow.PostAsync("experiments/create", """{ "name": "churn" }""", 400);
        Assert.Equal("RESOURCE_ALREADY_EXISTS", MlflowClient.Describe(twice));

        var found = (await mlflow.GetAsync("experiments/get-by-name?experiment_name=churn")).GetProperty("experiment");
        Assert.Equal(
            [
                "artifact_location",
                "creation_time",
                "experiment_id",
                "last_update_time",
                "lifecycle_stage",
                "name",
                "tags",
            ],
            found.EnumerateObject().Select(m => m.Name).Order()
        );
        Assert.Equal(JsonValueKind.Number, found.GetProperty("creation_time").ValueKind);
        Assert.Equal("active", found.GetProperty("lifecycle_stage").GetString());
        var byDefault = (await mlflow.GetAsync("experiments/get?experiment_id=0")).GetProperty("experiment");
        Assert.Equal("Default", byDefault.GetProperty("name").GetString());

        await mlflow.PostAsync(
            "experiments/set-experiment-tag",
            """{ "experiment_id": "1", "key": "team", "value": "sales" }"""
        );
        await mlflow.PostAsync("experiments/update", """{ "experiment_id": "1", "new_name": "leavers" }""");
        await mlflow.PostAsync("experiments/delete", """{ "experiment_id": "1" }""");
        var active = await mlflow.PostAsync(
            "experiments/search",
            """{ "max_results": 1000, "view_type": "ACTIVE_ONLY" }"""
        );
        Assert.Equal(["Default"], Names(active));
        var deleted = await mlflow.PostAsync(
            "experiments/search",
            """{ "max_results": "10", "view_type": "DELETED_ONLY" }"""
        );
        Assert.Equal(["leavers"], Names(deleted));
        Assert.Equal(
            """[{"key":"team","value":"sales"}]""",
            deleted.GetProperty("experiments")[0].GetProperty("tags").GetRawText()
        );

        static IEnumerable<string?> Names(JsonElement page) =>
            page.GetProperty("experiments").EnumerateArray().Select(e => e.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Runs_Logged_ReturnLatestMetrics(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var mlflow = new MlflowClient(service.Client);
        var id = await mlflow.StartRunAsync();

        await mlflow.PostAsync(
            "runs/log-batch",
            $$"""
            {
              "run_id": "{{id}}",
              "metrics": [
                { "key": "auc", "value": 0.8, "timestamp": 1764406801000, "step": 0 },
                { "key": "auc", "value": 0.9, "timestamp": "1764406802000", "step": "2" },
                { "key": "auc", "value": 0.85, "timestamp": 1764406803000, "step": 1 },
                { "key": "loss", "value": "NaN", "timestamp": 1764406803000 }
              ],
              "params": [{ "key": "depth", "value": "6" }],
              "tags": [{ "key": "phase", "value": "train" }]
            }
            """
        );
        await mlflow.PostAsync(
            "runs/log-metric",
            $$"""
            {
              "run_uuid": "{{id}}", "run_id": "{{id}}", "key": "auc", "value": 0.9, "timestamp": 1764406802000,
              "step": 2
            }
            """
        );
        await mlflow.PostAsync("runs/log-parameter", $$"""{ "run_id": "{{id}}", "key": "eta", "value": "0.1" }""");
        await mlflow.PostAsync("runs/set-tag", $$"""{ "run_id": "{{id}}", "key": "phase", "value": "done" }""");
        var updated = await mlflow.PostAsync(
            "runs/update",
            $$"""{ "run_uuid": "{{id}}", "run_id": "{{id}}", "status": "FINISHED", "end_time": 1764406900000 }"""
        );
        Assert.Equal("FINISHED", updated.GetProperty("run_info").GetProperty("status").GetString());

        var run = (await mlflow.GetAsync($"runs/get?run_uuid={id}&run_id={id}")).GetProperty("run");
        AssertJson(
            $$"""
            {
              "run_id": "{{id}}", "run_uuid": "{{id}}", "run_name": "brave-owl-17", "experiment_id": "0",
              "user_id": "ada", "status": "FINISHED", "start_time": 1764406800000, "end_time": 1764406900000,
              "artifact_uri": "mlflow-artifacts:/0/{{id}}/artifacts", "lifecycle_stage": "active"
            }
            """,
            run.GetProperty("info")
        );
        AssertJson(
            """
            {
              "metrics": [
                { "key": "auc", "value": 0.9, "timestamp": 1764406802000, "step": 2 },
                { "key": "loss", "value": "NaN", "timestamp": 1764406803000, "step": 0 }
              ],
              "params": [{ "key": "depth", "value": "6" }, { "key": "eta", "value": "0.1" }],
              "tags": [
                { "key": "mlflow.runName", "value": "brave-owl-17" }, { "key": "mlflow.source.type", "value": "LOCAL" },
                { "key": "mlflow.user", "value": "ada" }, { "key": "phase", "value": "done" }
              ]
            }
            """,
            run.GetProperty("data")
        );

        // The repeated point counts once, and pages follow the order of logging.
        var first = await mlflow.GetAsync($"metrics/get-history?run_id={id}&metric_key=auc&max_results=2");
        var second = await mlflow.GetAsync(
            $"metrics/get-history?run_id={id}&metric_key=auc&max_results=2"
                + $"&page_token={Uri.EscapeDataString(first.GetProperty("next_page_token").GetString()!)}"
        );
        Assert.Equal([0.8, 0.9, 0.85], Values(first).Concat(Values(second)));
        Assert.False(second.TryGetProperty("next_page_token", out _));

        static IEnumerable<double> Values(JsonElement page) =>
            page.GetProperty("metrics").EnumerateArray().Select(m => m.GetProperty("value").GetDouble());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Runs_InvalidRequests_ReturnMlflowErrors(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var mlflow = new MlflowClient(service.Client);
        var id = await mlflow.StartRunAsync();
        await mlflow.PostAsync("runs/log-parameter", $$"""{ "run_id": "{{id}}", "key": "depth", "value": "6" }""");
        await mlflow.PostAsync("runs/log-parameter", $$"""{ "run_id": "{{id}}", "key": "depth", "value": "6" }""");

        const string Invalid = "INVALID_PARAMETER_VALUE";
        const string Unknown = "RESOURCE_DOES_NOT_EXIST";
        var run = $"\"run_id\": \"{id}\", \"key\": \"depth\"";
        foreach (
            var (path, json, status, code) in new[]
            {
                ("runs/log-parameter", $$"""{ {{run}}, "value": "7" }""", 400, Invalid),
                ("runs/log-parameter", """{ "run_id": "unknown", "key": "a", "value": "7" }""", 404, Unknown),
                ("runs/log-metric", $$"""{ {{run}}, "timestamp": 1 }""", 400, Invalid),
                ("runs/log-metric", $$"""{ {{run}}, "value": "x", "timestamp": 1 }""", 400, Invalid),
                ("runs/log-metric", Metric("a,b"), 400, Invalid),
                ("runs/log-metric", Metric("a//b"), 400, Invalid),
                ("runs/log-metric", Metric("../b"), 400, Invalid),
                ("runs/set-tag", $$"""{ "run_id": "{{id}}", "key": "a#b", "value": "c" }""", 400, Invalid),
                ("runs/create", """{ "experiment_id": "77" }""", 404, Unknown),
                ("runs/search", """{ "experiment_ids": ["0"], "filter": "metrics.auc >" }""", 400, Invalid),
                ("runs/search", """{ "experiment_ids": ["0"], "page_token": "x" }""", 400, Invalid),
                ("runs/create", "{", 400, Invalid),
                ("logged-models", "{}", 404, "ENDPOINT_NOT_FOUND"),
            }
        )
        {
            Assert.Equal(code, MlflowClient.Describe(await mlflow.PostAsync(path, json, status)));
        }

        await mlflow.PostAsync("runs/delete", $$"""{ "run_id": "{{id}}" }""");
        var deleted = await mlflow.PostAsync(
            "runs/set-tag",
            $$"""{ "run_id": "{{id}}", "key": "a", "value": "b" }""",
            400
        );
        Assert.Equal("INVALID_PARAMETER_VALUE", MlflowClient.Describe(deleted));
        await mlflow.PostAsync("runs/update", $$"""{ "run_id": "{{id}}", "status": "KILLED" }""", 400);
        await mlflow.PostAsync("runs/restore", $$"""{ "run_id": "{{id}}" }""");
        await mlflow.PostAsync("runs/set-tag", $$"""{ "run_id": "{{id}}", "key": "a", "value": "b" }""");
        await mlflow.PostAsync("runs/log-metric", Metric("val/größe a.b-c:d_e"));

        string Metric(string key) =>
            $$"""{ "run_id": "{{id}}", "key": "{{key}}", "value": 1, "timestamp": 1 }""";
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Search_OrderByMetric_PutsNaNAfterNumbers(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var mlflow = new MlflowClient(service.Client);
        foreach (var loss in new[] { "0.9", "\"NaN\"", "\"Infinity\"", "0.1", "\"-Infinity\"" })
        {
            var id = await mlflow.StartRunAsync(name: loss.Trim('"'));
            await mlflow.PostAsync(
                "runs/log-metric",
                $$"""{ "run_id": "{{id}}", "key": "loss", "value": {{loss}}, "timestamp": 1 }"""
            );
        }

        await mlflow.StartRunAsync(name: "none");

        Assert.Equal(["-Infinity", "0.1", "0.9", "Infinity", "NaN", "none"], await SearchAsync("metrics.loss ASC"));
        Assert.Equal(["Infinity", "0.9", "0.1", "-Infinity", "NaN", "none"], await SearchAsync("metrics.loss DESC"));
        await mlflow.PostAsync("runs/search", """{ "experiment_ids": ["0"], "order_by": ["metrics.loss up"] }""", 400);

        async Task<IEnumerable<string>> SearchAsync(string order)
        {
            var json = JsonSerializer.Serialize(new { experiment_ids = new[] { "0" }, order_by = new[] { order } });
            var page = await mlflow.PostAsync("runs/search", json);
            return page.GetProperty("runs")
                .EnumerateArray()
                .Select(r => r.GetProperty("info").GetProperty("run_name").GetString()!);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Log_LongValuesAndName_AreAsInMlflow(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var mlflow = new MlflowClient(service.Client);
        var id = await mlflow.StartRunAsync(name: "before");
        var text = new string('x', 9_000);
        await mlflow.PostAsync(
            "runs/log-batch",
            $$"""
            {
              "run_id": "{{id}}", "params": [{ "key": "p", "value": "{{text}}" }],
              "tags": [{ "key": "t", "value": "{{text}}" }, { "key": "mlflow.runName", "value": "after" }]
            }
            """
        );

        var run = (await mlflow.GetAsync($"runs/get?run_id={id}")).GetProperty("run");
        Assert.Equal("after", run.GetProperty("info").GetProperty("run_name").GetString());
        Assert.Equal(6_000, GetLength("params", "p"));
        Assert.Equal(8_000, GetLength("tags", "t"));

        int GetLength(string list, string key) =>
            run.GetProperty("data")
                .GetProperty(list)
                .EnumerateArray()
                .Single(e => e.GetProperty("key").GetString() == key)
                .GetProperty("value")
                .GetString()!
                .Length;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Search_FilterOrderAndPages_ReturnMatchingRuns(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var mlflow = new MlflowClient(service.Client);
        for (var i = 0; i < 5; i++)
        {
            var id = await mlflow.StartRunAsync(name: $"run-{i}");
            await mlflow.PostAsync(
                "runs/log-batch",
                $$"""
                {
                  "run_id": "{{id}}", "metrics": [{ "key": "val auc", "value": 0.{{i}}, "timestamp": 1 }],
                  "params": [{ "key": "depth", "value": "{{i % 2}}" }]
                }
                """
            );
        }

        Assert.Equal(["run-4", "run-3"], await SearchAsync("metrics.`val auc` > 0.2", "metrics.`val auc` DESC"));
        Assert.Equal(["run-0", "run-2", "run-4"], await SearchAsync("params.depth = '0'", "attributes.run_name ASC"));
        Assert.Equal(
            ["run-1"],
            await SearchAsync("attributes.run_name IN ('run-1', 'run-2') AND params.depth != '0'", "run_name")
        );
        Assert.Equal(["run-3"], await SearchAsync("tags.mlflow.runName LIKE '%-3' and status = 'RUNNING'", "run_name"));

        async Task<List<string>> SearchAsync(string filter, string order)
        {
            var names = new List<string>();
            string? token = null;
            do
            {
                var page = await mlflow.PostAsync(
                    "runs/search",
                    JsonSerializer.Serialize(
                        new
                        {
                            experiment_ids = new[] { "0" },
                            filter,
                            run_view_type = "ACTIVE_ONLY",
                            max_results = 2,
                            order_by = new[] { order },
                            page_token = token,
                        }
                    )
                );
                names.AddRange(
                    page.GetProperty("runs")
                        .EnumerateArray()
                        .Select(r => r.GetProperty("info").GetProperty("run_name").GetString()!)
                );
                token = page.TryGetProperty("next_page_token", out var next) ? next.GetString() : null;
            } while (token is not null);

            return names;
        }
    }

    [Theory]
    [InlineData("runs/search", "order_by", 20)]
    [InlineData("runs/search", "experiment_ids", 10_000)]
    [InlineData("experiments/search", "order_by", 20)]
    [InlineData("registered-models/get-latest-versions", "stages", 100)]
    public async Task Lists_TooLong_NameFieldAndMaximum(string path, string field, int max)
    {
        await using var service = new ServingService();
        var mlflow = new MlflowClient(service.Client);
        await mlflow.PostAsync("registered-models/create", """{ "name": "churn" }""");
        var value = field switch
        {
            "stages" => "None",
            "order_by" => path.StartsWith("runs", StringComparison.Ordinal) ? "metrics.auc" : "name",
            _ => "0",
        };

        await mlflow.PostAsync(path, Write(max));
        var error = await mlflow.PostAsync(path, Write(max + 1), 400);

        Assert.Equal("INVALID_PARAMETER_VALUE", MlflowClient.Describe(error));
        Assert.Equal(
            $"Invalid value for parameter '{field}' supplied. It must have at most {max} values, has {max + 1}.",
            error.GetProperty("message").GetString()
        );

        string Write(int count) =>
            new JsonObject
            {
                ["name"] = "churn",
                [field] = new JsonArray([.. Enumerable.Repeat(value, count).Select(v => JsonValue.Create(v))]),
            }.ToJsonString();
    }

    [Fact]
    public async Task Requests_WithoutKeyOrScope_ReturnMlflowErrors()
    {
        await using var service = new ServingService();
        using var reader = service.NewClient(await service.CreateKeyAsync("serving", "serving:read"));
        using var wrong = service.NewClient("cf_wrong");
        var forbidden = await new MlflowClient(reader).PostAsync("experiments/create", """{ "name": "x" }""", 403);
        Assert.Equal("PERMISSION_DENIED", MlflowClient.Describe(forbidden));
        var unknown = await new MlflowClient(wrong).GetAsync("experiments/get?experiment_id=0", 401);
        Assert.Equal("UNAUTHENTICATED", MlflowClient.Describe(unknown));
        await new MlflowClient(reader).GetAsync("experiments/get?experiment_id=0");
    }

    private static void AssertJson(string expected, JsonElement actual) =>
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual.GetRawText())),
            actual.GetRawText()
        );

    private async Task<ServingService> StartAsync(bool isInPostgres) =>
        isInPostgres
            ? await ServingOnPostgres.StartAsync(await postgres.NewDatabaseAsync())
            : new ServingService();
}
