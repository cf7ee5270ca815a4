using System.Text.Json;
using CogniForge.Llm.Application;
using CogniForge.Llm.Application.Admission;
using CogniForge.Llm.Domain;
using CogniForge.Llm.Infrastructure.Limits;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>How a key's budget stands, as its owner is told.</summary>
public class KeyBudgetTests
{
    private readonly FakeTimeProvider _time = new(TestTime.Start);

    [Theory]
    [InlineData("day", "\"2026-03-01T00:00:00+00:00\"", "\"2026-03-02T00:00:00+00:00\"")]
    [InlineData("week", "\"2026-02-23T00:00:00+00:00\"", "\"2026-03-02T00:00:00+00:00\"")]
    [InlineData("month", "\"2026-03-01T00:00:00+00:00\"", "\"2026-04-01T00:00:00+00:00\"")]
    [InlineData("total", "null", "null")]
    public async Task Get_AfterARequest_TellsPeriodAndSums(string period, string start, string end)
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (id, client) = await gateway.NewKeyAsync($$$"""{"budget":{"amount":0.000009,"period":"{{{period}}}"}}""");
        string Report(string spent, string remaining, string exhausted) =>
            $$"""{"period":"{{period}}","start":{{start}},"end":{{end}},"amount":0.000009,"spent":{{spent}},"held":0,"remaining":{{remaining}},"exhausted":{{exhausted}}}""";
        Assert.Equal(Report("0", "0.000009", "false"), (await gateway.BudgetAsync(id)).GetRawText());

        Assert.Equal(200, await client.StatusAsync());
        Assert.Equal(Report("0.000004", "0.000005", "false"), (await gateway.BudgetAsync(id)).GetRawText());
        Assert.Equal((200, 402), (await client.StatusAsync(), await client.StatusAsync()));

        // What is left is not enough for this request, but it is not nothing.
        Assert.Equal(Report("0.000008", "0.000001", "false"), (await gateway.BudgetAsync(id)).GetRawText());
        await gateway.SetLimitsAsync(id, $$$"""{"budget":{"amount":0.000007,"period":"{{{period}}}"}}""");
        var less = await gateway.BudgetAsync(id);
        Assert.Equal((0.000008m, 0m, true), (less.GetProperty("spent").GetDecimal(), less.GetProperty("remaining").GetDecimal(), less.GetProperty("exhausted").GetBoolean()));
    }

    [Fact]
    public async Task Get_InTheNextPeriod_BeginsAgain()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (id, client) = await gateway.NewKeyAsync("""{"budget":{"amount":0.000004,"period":"day"}}""");
        Assert.Equal(200, await client.StatusAsync());
        Assert.True((await gateway.BudgetAsync(id)).GetProperty("exhausted").GetBoolean());
        _time.Advance(TimeSpan.FromHours(12));
        var next = await gateway.BudgetAsync(id);
        Assert.Equal(("2026-03-02T00:00:00+00:00", 0m, false), (next.GetProperty("start").GetString(), next.GetProperty("spent").GetDecimal(), next.GetProperty("exhausted").GetBoolean()));
    }

    [Fact]
    public async Task Get_KeyWithoutABudgetOrNone_Gets404InClearWords()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync();
        var (id, _) = await gateway.NewKeyAsync("""{"requestsPerMinute":5}""");
        var problem = await Problem.ReadAsync(await gateway.Client.GetAsync($"/api/v1/llm/keys/{id}/budget"), 404);
        Assert.Contains("has no budget", problem.Detail, StringComparison.Ordinal);
        var none = await Problem.ReadAsync(await gateway.Client.GetAsync($"/api/v1/llm/keys/{Guid.CreateVersion7()}/budget"), 404);
        Assert.Contains("There is no key", none.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_KeyThatMayRead_IsAnsweredAndAnotherIsNot()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync();
        var (id, invoker) = await gateway.NewKeyAsync("""{"budget":{"amount":1,"period":"day"}}""");
        using var reader = gateway.NewClient(await gateway.CreateKeyAsync("llm", "llm:read"));
        await (await reader.GetAsync($"/api/v1/llm/keys/{id}/budget")).ReadAsync(200);
        await Problem.ReadAsync(await invoker.GetAsync($"/api/v1/llm/keys/{id}/budget"), 403);
    }
}

/// <summary>The same over replicas.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public class SharedKeyBudgetTests(RealServers servers)
{
    private const string Ten = """{"budget":{"amount":0.0001,"period":"total"}}""";

    [Fact]
    public async Task Get_SpentAndHeldAtTwoReplicas_IsTheSameAtBoth()
    {
        var database = await servers.NewDatabaseAsync();
        await using var one = await LimitedGateway.OnAsync(servers, database, lease: "0");
        await using var other = await LimitedGateway.OnAsync(servers, database, lease: "0");
        var (id, client) = await one.NewKeyAsync(Ten);
        using var same = other.NewClient(client.DefaultRequestHeaders.Authorization!.Parameter);
        Assert.Equal((200, 200), (await client.AskPatientlyAsync(), await same.AskPatientlyAsync()));
        var limits = other.Services.GetRequiredService<ILimits>();
        var open = Claims.Of(id, 30_000, TimeProvider.System.GetUtcNow());
        Assert.Equal(Admittance.Granted, (await limits.TakeAsync(open, default)).Result);

        foreach (var gateway in new[] { one, other })
            await Until.EqualAsync((0.000008m, 0.00003m, 0.000062m, false), () => SumsAsync(gateway, id));

        limits.Settle(open, 92_000, 0); // of which the database has no record
        foreach (var gateway in new[] { one, other })
            await Until.EqualAsync((0.0001m, 0m, 0m, true), () => SumsAsync(gateway, id));
        Assert.Equal(402, await client.AskPatientlyAsync());
    }

    [Fact]
    public async Task Get_RequestGrantedFromALease_IsHeldAndTheRestOfTheLeaseIsNot()
    {
        var database = await servers.NewDatabaseAsync();
        await using var one = await LimitedGateway.OnAsync(servers, database, lease: "0.2");
        await using var other = await LimitedGateway.OnAsync(servers, database, lease: "0.2");
        var (id, client) = await one.NewKeyAsync(Ten);
        Assert.Equal(200, await client.AskPatientlyAsync());
        var ledgers = one.Services.GetRequiredService<LedgerBook>();
        await Until.EqualAsync(true, () => Task.FromResult(ledgers.All.Single(l => l.Key == id).LeaseLeft > 15_000));
        var limits = one.Services.GetRequiredService<ILimits>();
        var open = Claims.Of(id, 3_000, TimeProvider.System.GetUtcNow());
        Assert.Equal(Admittance.Granted, (await limits.TakeAsync(open, default)).Result);

        await Until.EqualAsync((0.000004m, 0.000003m, 0.000093m, false), () => SumsAsync(other, id));

        limits.Settle(open, 1_000, 0);
        await Until.EqualAsync((0.000005m, 0m, 0.000095m, false), () => SumsAsync(other, id));
    }

    [Fact]
    public async Task Get_RecordsOfATimeWithoutABudget_AreInIt()
    {
        var database = await servers.NewDatabaseAsync();
        await using var gateway = await LimitedGateway.OnAsync(servers, database);
        var (id, client) = await gateway.NewKeyAsync(Ten);
        Assert.Equal(200, await client.AskPatientlyAsync());
        await gateway.Services.GetRequiredService<ICompletionStore>().AddAsync([Record(id, 0.00005m)], default);
        await Until.EqualAsync((0.000054m, 0m, 0.000046m, false), () => SumsAsync(gateway, id));
    }

    [Fact]
    public async Task Get_WithoutRedis_KnowsTheRecordsButNotWhatIsHeld()
    {
        using var gateway = GatewayHost.StartOn(await servers.NewDatabaseAsync(), ("ConnectionStrings:cache", "127.0.0.1:1,abortConnect=false"));
        using var created = await gateway.Client.PostAsync("/api/v1/llm/keys", $$"""{"name":"test","scopes":["llm:invoke"],"limits":{{Ten}}}""");
        var id = (await created.ReadAsync(201)).GetProperty("details").GetProperty("id").GetString()!;
        await gateway.Services.GetRequiredService<ICompletionStore>().AddAsync([Record(id, 0.00002m)], default);

        var budget = await (await gateway.Client.GetAsync($"/api/v1/llm/keys/{id}/budget")).ReadAsync(200);

        Assert.Equal(JsonValueKind.Null, budget.GetProperty("held").ValueKind);
        Assert.Equal((0.00002m, 0.00008m), (budget.GetProperty("spent").GetDecimal(), budget.GetProperty("remaining").GetDecimal()));
    }

    private static async Task<(decimal Spent, decimal Held, decimal Remaining, bool Exhausted)> SumsAsync(LimitedGateway gateway, string id)
    {
        var budget = await gateway.BudgetAsync(id);
        return (budget.GetProperty("spent").GetDecimal(), budget.GetProperty("held").GetDecimal(), budget.GetProperty("remaining").GetDecimal(), budget.GetProperty("exhausted").GetBoolean());
    }

    private static CompletionRecord Record(string key, decimal cost) => new()
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
