using System.Text.Json;
using CogniForge.Serving.Tests.Models;

namespace CogniForge.Serving.Tests.Servers;

/// <summary>The registry behaves the same in memory and in Postgres.</summary>
[Trait("Category", "Servers")]
public sealed class RegistryTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Versions_RegisteredAtOnce_GetEachNumberOnce(bool isInPostgres)
    {
        const int Versions = 10;
        await using var service = await StartAsync(isInPostgres);
        var registry = new RegistryClient(service.Client);
        await registry.RegisterAsync("churn");

        var numbers = await Task.WhenAll(
            Enumerable
                .Range(0, Versions)
                .Select(async _ =>
                    (await registry.ReadAsync(201, "POST", "/churn/versions", RegistryClient.Mock))
                        .GetProperty("version")
                        .GetInt32()
                )
        );

        Assert.Equal(Enumerable.Range(1, Versions), numbers.Order());
        var listed = await registry.ListAsync("/churn/versions", 3);
        Assert.Equal(
            Enumerable.Range(1, Versions),
            listed.Select(v => v.GetProperty("version").GetInt32()).Order()
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Models_RegisteredAtOnce_OneIsCreated(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var registry = new RegistryClient(service.Client);
        var responses = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => registry.SendAsync("POST", "", """{"name":"churn","kind":"mock"}"""))
        );
        Assert.Equal([201, 409, 409, 409, 409, 409], responses.Select(r => (int)r.StatusCode).Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Delete_AliasedOrServing_ConflictsUntilFreed(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var registry = new RegistryClient(service.Client);
        await registry.ReadAsync(201, "POST", "", """{"name":"churn","kind":"mock"}""");
        await registry.MoveAsync("churn", "champion", 1);

        Assert.Contains("alias", await registry.ReadProblemAsync(409, "DELETE", "/churn"), StringComparison.Ordinal);
        await registry.ReadProblemAsync(409, "DELETE", "/churn/versions/1");
        await registry.ReadAsync(204, "DELETE", "/churn/aliases/champion");
        Assert.Contains("serving", await registry.ReadProblemAsync(409, "DELETE", "/churn"), StringComparison.Ordinal);
        await registry.ReadProblemAsync(409, "DELETE", "/churn/versions/1");

        await registry.MoveThroughAsync("churn", 1, "draining", "retired");
        await registry.ReadAsync(204, "DELETE", "/churn/versions/1");
        var second = await registry.ReadAsync(201, "POST", "/churn/versions", RegistryClient.Mock);
        Assert.Equal(2, second.GetProperty("version").GetInt32()); // a number is never given twice
        await registry.ReadAsync(204, "DELETE", "/churn");
        await registry.ReadProblemAsync(404, "GET", "/churn");
        await registry.RegisterAsync("churn");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Move_IllegalState_NamesLegalOnes(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var registry = new RegistryClient(service.Client);
        await registry.RegisterAsync("churn", versions: 1);

        Assert.Equal(
            "Version 1 is registered, so it cannot become serving; possible: ready, retired, failed.",
            await registry.ReadProblemAsync(409, "PUT", "/churn/versions/1/state", """{"state":"serving"}""")
        );
        using var failed = await registry.SendAsync("PUT", "/churn/versions/1/state", """{"state":"failed"}""");
        Assert.Equal(["reason: is required for \"failed\""], await Problem.ReadRulesAsync(failed));
        var moved = await registry.ReadAsync(
            200,
            "PUT",
            "/churn/versions/1/state",
            """{"state":"failed","reason":"out of memory"}"""
        );
        Assert.Equal("out of memory", moved.GetProperty("stateReason").GetString());
        moved = await registry.MoveThroughAsync("churn", 1, "registered", "ready", "serving");
        Assert.Equal(JsonValueKind.Null, moved.GetProperty("stateReason").ValueKind);
        Assert.Equal(1, (await registry.ReadAsync(200, "GET", "/churn")).GetProperty("servingVersion").GetInt32());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Change_OldETag_Returns412(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var registry = new RegistryClient(service.Client);
        await registry.RegisterAsync("churn", versions: 1);
        foreach (var path in new[] { "/churn", "/churn/versions/1" })
        {
            var tag = await registry.GetETagAsync(path);
            using var first = await registry.SendAsync("PATCH", path, """{"description":"a"}""", ifMatch: tag);
            Assert.Equal("a", (await first.ReadAsync(200)).GetProperty("description").GetString());
            using var second = await registry.SendAsync("PATCH", path, """{"description":"b"}""", ifMatch: tag);
            var detail = (await Problem.ReadAsync(second, 412)).Detail;
            Assert.Contains(await registry.GetETagAsync(path), detail, StringComparison.Ordinal);
            using var third = await registry.SendAsync(
                "PATCH",
                path,
                """{"tags":{"team":"growth"}}""",
                ifMatch: $"{tag}, {first.Headers.ETag}"
            );
            Assert.Equal("a", (await third.ReadAsync(200)).GetProperty("description").GetString());
            using var deleted = await registry.SendAsync("DELETE", path, ifMatch: tag);
            await Problem.ReadAsync(deleted, 412);
        }

        using var created = await registry.SendAsync(
            "PUT",
            "/churn/aliases/champion",
            """{"version":1}""",
            ifNoneMatch: "*"
        );
        await created.ReadAsync(200);
        using var again = await registry.SendAsync(
            "PUT",
            "/churn/aliases/champion",
            """{"version":1}""",
            ifNoneMatch: "*"
        );
        await Problem.ReadAsync(again, 412);
        using var missing = await registry.SendAsync(
            "PUT",
            "/churn/aliases/challenger",
            """{"version":1}""",
            ifMatch: "*"
        );
        await Problem.ReadAsync(missing, 412);
    }

    [Fact]
    public async Task Stores_SameRequests_GiveSameAnswers()
    {
        await using var memory = await StartAsync(isInPostgres: false);
        await using var stored = await StartAsync(isInPostgres: true);
        var answers = await Task.WhenAll(RecordAsync(memory), RecordAsync(stored));
        Assert.Equal(answers[0], answers[1]);
    }

    [Fact]
    public async Task Restart_InPostgres_KeepsEverything()
    {
        var database = await postgres.NewDatabaseAsync();
        string before;
        await using (var service = await ServingOnPostgres.StartAsync(database))
        {
            await RecordAsync(service);
            before = await ReadAllAsync(service);
        }

        await using var restarted = await ServingOnPostgres.StartAsync(database);
        Assert.Equal(before, await ReadAllAsync(restarted));
    }

    private async Task<ServingService> StartAsync(bool isInPostgres) =>
        isInPostgres
            ? await ServingOnPostgres.StartAsync(await postgres.NewDatabaseAsync())
            : new ServingService();

    private static async Task<string> RecordAsync(ServingService service)
    {
        var registry = new RegistryClient(service.Client);
        string[] bodies =
        [
            """
            {"kind":"linear","task":"regression",
            "definition":{"inputs":["b","a"],"intercept":1e2,"coefficients":[0.1,2]},
            "price":{"perRequest":0.00010},"tags":{"z":"1","a":"ä\u20ac"},"description":"Zeile\n2",
            "lineage":{"trainingData":"s3://b","metrics":{"rmse":0.1},"details":{"b":1.0,"a":[null,"\u20ac"]}}}
            """,
            """
            {"kind":"remote","endpoint":"https://models.example.com:8443/v2","schema":{
            "inputs":[{"name":"x","datatype":"FP32","shape":[-1,3]}],"outputs":[]}}
            """,
            """{"kind":"llm","task":"textGeneration","definition":{"model":"gpt","temperature":0.50}}""",
            """{"kind":"xgboost","definition":{"learner":{}}}""",
            """{"kind":"onnx"}""",
        ];
        await registry.ReadAsync(201, "POST", "", """{"name":"all","description":"d","tags":{"z":"1","a":"2"}}""");
        foreach (var body in bodies)
        {
            await registry.ReadAsync(201, "POST", "/all/versions", body);
        }

        await registry.MoveThroughAsync("all", 2, "ready", "serving");
        await registry.MoveAsync("all", "b", 2);
        await registry.MoveAsync("all", "A", 3);
        return Strip(await ReadAllAsync(service));
    }

    private static async Task<string> ReadAllAsync(ServingService service)
    {
        var registry = new RegistryClient(service.Client);
        var all = new List<string>();
        foreach (var path in new[] { "", "/all", "/all/versions", "/all/aliases", "/all/aliases/b/history" })
        {
            all.Add((await registry.ReadAsync(200, "GET", path)).GetRawText());
        }

        for (var version = 1; version <= 5; version++)
        {
            all.Add((await registry.ReadAsync(200, "GET", $"/all/versions/{version}")).GetRawText());
        }

        return string.Join('\n', all);
    }

    /// <summary>Without what differs by time.</summary>
    private static string Strip(string json) =>
        System.Text.RegularExpressions.Regex.Replace(
            json,
            "\"(id|createdAt|updatedAt|at)\":\"[^\"]*\"",
            "\"$1\":\"\""
        );
}
