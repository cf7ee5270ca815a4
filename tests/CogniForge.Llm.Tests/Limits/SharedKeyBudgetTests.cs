using System.Text.Json;
using CogniForge.Llm.Limits;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>The budget endpoint across replicas.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public class SharedKeyBudgetTests(RealServers servers)
{
    private const string Ten = """{"budget":{"amount":0.0001,"period":"total"}}""";

    [Fact]
    public async Task Get_TwoReplicas_ReturnTheSame()
    {
        var database = await servers.NewDatabaseAsync();
        await using var one = await LimitedGateway.OnAsync(servers, database, lease: "0");
        await using var other = await LimitedGateway.OnAsync(servers, database, lease: "0");
        var (id, client) = await one.NewKeyAsync(Ten);
        using var same = other.NewClient(client.DefaultRequestHeaders.Authorization!.Parameter);
        Assert.Equal((200, 200), (await client.ChatWithRetriesAsync(), await same.ChatWithRetriesAsync()));
        var limiter = other.Services.GetRequiredService<Limiter>();
        var open = Reservations.Create(id, 30_000, 0.0001m);
        Assert.Equal(ReservationStatus.Granted, (await limiter.ReserveAsync(open, default)).Status);

        foreach (var gateway in new[] { one, other })
        {
            await Until.EqualAsync((0.000008m, 0.00003m, 0.000062m, false), () => SumsAsync(gateway, id));
        }

        limiter.Commit(open, 92_000, 0); // which the request log does not have
        foreach (var gateway in new[] { one, other })
        {
            await Until.EqualAsync((0.0001m, 0m, 0m, true), () => SumsAsync(gateway, id));
        }

        Assert.Equal(402, await client.ChatWithRetriesAsync());
    }

    [Fact]
    public async Task Get_RequestFromLease_HoldsOnlyItsMaximum()
    {
        var database = await servers.NewDatabaseAsync();
        await using var one = await LimitedGateway.OnAsync(servers, database, lease: "0.2");
        await using var other = await LimitedGateway.OnAsync(servers, database, lease: "0.2");
        var (id, client) = await one.NewKeyAsync(Ten);
        Assert.Equal(200, await client.ChatWithRetriesAsync());
        await Until.EqualAsync(true, async () => await new BudgetTables(database).GetUnusedAsync(id) > 15_000);
        var limiter = one.Services.GetRequiredService<Limiter>();
        var open = Reservations.Create(id, 3_000, 0.0001m);
        Assert.Equal(ReservationStatus.Granted, (await limiter.ReserveAsync(open, default)).Status);

        await Until.EqualAsync((0.000004m, 0.000003m, 0.000093m, false), () => SumsAsync(other, id));

        limiter.Commit(open, 1_000, 0);
        await Until.EqualAsync((0.000005m, 0m, 0.000095m, false), () => SumsAsync(other, id));
    }

    [Fact]
    public async Task Get_RequestsBeforeTheBudget_Count()
    {
        var database = await servers.NewDatabaseAsync();
        await using var gateway = await LimitedGateway.OnAsync(servers, database);
        var (id, client) = await gateway.NewKeyAsync(Ten);
        Assert.Equal(200, await client.ChatWithRetriesAsync());
        await gateway.Services.GetRequiredService<IRequestLog>().AddAsync([Record(id, 0.00005m)], default);
        await Until.EqualAsync((0.000054m, 0m, 0.000046m, false), () => SumsAsync(gateway, id));
    }

    [Fact]
    public async Task Get_RedisAway_KnowsSpentAndHeld()
    {
        using var gateway = await GatewayHost.StartOnAsync(
            await servers.NewDatabaseAsync(),
            ("ConnectionStrings:cache", "127.0.0.1:1,abortConnect=false")
        );
        using var created = await gateway.Client.PostAsync(
            "/api/v1/llm/keys",
            $$"""{"name":"test","scopes":["llm:invoke"],"limits":{{Ten}}}"""
        );
        var id = (await created.ReadAsync(201)).GetProperty("details").GetProperty("id").GetString()!;
        await gateway.Services.GetRequiredService<IRequestLog>().AddAsync([Record(id, 0.00002m)], default);
        var open = Reservations.Create(id, 3_000, 0.0001m);
        await gateway.Services.GetRequiredService<Limiter>().ReserveAsync(open, default);

        var budget = await (await gateway.Client.GetAsync($"/api/v1/llm/keys/{id}/budget")).ReadAsync(200);

        Assert.Equal(
            (0.00002m, 0.000003m, 0.000077m),
            (
                budget.GetProperty("spent").GetDecimal(),
                budget.GetProperty("held").GetDecimal(),
                budget.GetProperty("remaining").GetDecimal()
            )
        );
    }

    private static async Task<(decimal Spent, decimal Held, decimal Remaining, bool Exhausted)> SumsAsync(
        LimitedGateway gateway,
        string id
    )
    {
        var budget = await gateway.BudgetAsync(id);
        return (
            budget.GetProperty("spent").GetDecimal(),
            budget.GetProperty("held").GetDecimal(),
            budget.GetProperty("remaining").GetDecimal(),
            budget.GetProperty("exhausted").GetBoolean()
        );
    }

    private static RequestLogEntry Record(string key, decimal cost) =>
        new()
        {
            Id = Guid.CreateVersion7(),
            OccurredAt = TimeProvider.System.GetUtcNow(),
            Caller = key,
            RequestedModel = "mock",
            Provider = "mock",
            Model = "mock",
            Protocol = "chat_completions",
            Status = 200,
            Cost = cost,
        };
}
