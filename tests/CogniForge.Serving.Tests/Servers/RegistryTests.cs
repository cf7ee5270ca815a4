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
    public async Task Aliases_MovedAndRolledBack_StandForEachVersion(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var registry = new RegistryClient(service.Client);
        await registry.RegisterAsync("churn", versions: 3);

        await registry.MoveAsync("churn", "champion", 1);
        await registry.MoveAsync("churn", "champion", 2);
        await registry.MoveAsync("churn", "champion", 3);
        await registry.MoveAsync("churn", "champion", 3);
        Assert.Equal(2, await RollBackAsync());
        Assert.Equal(1, await RollBackAsync());
        Assert.Contains(
            "no earlier version",
            await registry.ReadProblemAsync(409, "POST", "/churn/aliases/champion/roll-back"),
            StringComparison.Ordinal
        );

        var moves = await registry.ListAsync("/churn/aliases/champion/history", 2);
        Assert.Equal(
            [(2, 1, true), (3, 2, true), (2, 3, false), (1, 2, false), (0, 1, false)],
            moves.Select(m =>
                (
                    m.GetProperty("fromVersion").ValueKind == JsonValueKind.Null
                        ? 0
                        : m.GetProperty("fromVersion").GetInt32(),
                    m.GetProperty("toVersion").GetInt32(),
                    m.GetProperty("isRollBack").GetBoolean()
                )
            )
        );

        await registry.ReadAsync(204, "DELETE", "/churn/aliases/champion");
        await registry.ReadProblemAsync(404, "GET", "/churn/aliases/champion");
        Assert.Equal(6, (await registry.ListAsync("/churn/aliases/champion/history", 6)).Count);

        async Task<int> RollBackAsync() =>
            (await registry.ReadAsync(200, "POST", "/churn/aliases/champion/roll-back"))
                .GetProperty("version")
                .GetInt32();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Aliases_InvalidTargets_AreRefused(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var registry = new RegistryClient(service.Client);
        await registry.RegisterAsync("churn", versions: 2);

        await registry.ReadProblemAsync(404, "PUT", "/churn/aliases/champion", """{"version":3}""");
        await registry.ReadProblemAsync(404, "PUT", "/other/aliases/champion", """{"version":1}""");
        foreach (var name in new[] { "1", "v1", "latest", "Infer", "a.b" })
        {
            using var response = await registry.SendAsync("PUT", $"/churn/aliases/{name}", """{"version":1}""");
            Assert.Equal(["alias"], (await Problem.ReadAsync(response, 400)).Errors!.Keys);
        }

        await registry.MoveThroughAsync("churn", 1, "retired");
        Assert.Contains(
            "is retired",
            await registry.ReadProblemAsync(409, "PUT", "/churn/aliases/champion", """{"version":1}"""),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Aliases_RolledBackToDeletedVersion_Conflicts(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var registry = new RegistryClient(service.Client);
        await registry.RegisterAsync("churn", versions: 2);
        await registry.MoveAsync("churn", "champion", 1);
        await registry.MoveAsync("churn", "champion", 2);
        await registry.ReadAsync(204, "DELETE", "/churn/versions/1");

        Assert.Contains(
            "no longer exists",
            await registry.ReadProblemAsync(409, "POST", "/churn/aliases/champion/roll-back"),
            StringComparison.Ordinal
        );
        Assert.Equal(2, (await registry.ReadAsync(200, "GET", "/churn/aliases/champion")).GetProperty("version").GetInt32());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Aliases_MovedAtOnce_OneWinsByCondition(bool isInPostgres)
    {
        const int Movers = 8;
        await using var service = await StartAsync(isInPostgres);
        var registry = new RegistryClient(service.Client);
        await registry.RegisterAsync("churn", versions: Movers + 1);
        await registry.MoveAsync("churn", "champion", Movers + 1);
        var tag = await registry.GetETagAsync("/churn/aliases/champion");

        var responses = await Task.WhenAll(
            Enumerable
                .Range(1, Movers)
                .Select(v =>
                    registry.SendAsync("PUT", "/churn/aliases/champion", $$"""{"version":{{v}}}""", ifMatch: tag)
                )
        );

        Assert.Equal(
            Enumerable.Repeat(412, Movers - 1).Prepend(200),
            responses.Select(r => (int)r.StatusCode).Order()
        );
        Assert.Equal(2, (await registry.ListAsync("/churn/aliases/champion/history", 10)).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Aliases_MovedAtOnceUnconditionally_HaveGaplessHistory(bool isInPostgres)
    {
        const int Movers = 8;
        await using var service = await StartAsync(isInPostgres);
        var registry = new RegistryClient(service.Client);
        await registry.RegisterAsync("churn", versions: Movers);
        await Task.WhenAll(Enumerable.Range(1, Movers).Select(v => registry.MoveAsync("churn", "champion", v)));

        var moves = await registry.ListAsync("/churn/aliases/champion/history", 3);
        Assert.Equal(Movers, moves.Count);
        foreach (var (newer, older) in moves.Zip(moves.Skip(1)))
        {
            Assert.Equal(older.GetProperty("toVersion").GetInt32(), newer.GetProperty("fromVersion").GetInt32());
        }
    }

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
            {"kind":"linear","task":"regression","definition":{"inputs":["b","a"],"intercept":1e2,"coefficients":[0.1,2]},
            "price":{"perRequest":0.00010},"tags":{"z":"1","a":"ä\u20ac"},"description":"Zeile\n2",
            "lineage":{"trainingData":"s3://b","metrics":{"rmse":0.1},"details":{"b":1.0,"a":[null,"\u0000"]}}}
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
