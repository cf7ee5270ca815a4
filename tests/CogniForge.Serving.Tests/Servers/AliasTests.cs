using System.Text.Json;
using CogniForge.Serving.Tests.Models;

namespace CogniForge.Serving.Tests.Servers;

/// <summary>Aliases behave the same in memory and in Postgres.</summary>
[Trait("Category", "Servers")]
public sealed class AliasTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RollBack_AfterMoves_ReturnsToEachVersion(bool isInPostgres)
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
    public async Task Move_InvalidTarget_IsRefused(bool isInPostgres)
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
    public async Task RollBack_ToDeletedVersion_Conflicts(bool isInPostgres)
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
        var champion = await registry.ReadAsync(200, "GET", "/churn/aliases/champion");
        Assert.Equal(2, champion.GetProperty("version").GetInt32());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Move_AtOnceWithCondition_OneWins(bool isInPostgres)
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
    public async Task Move_AtOnce_HistoryHasNoGap(bool isInPostgres)
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

    private async Task<ServingService> StartAsync(bool isInPostgres) =>
        isInPostgres
            ? await ServingOnPostgres.StartAsync(await postgres.NewDatabaseAsync())
            : new ServingService();
}
