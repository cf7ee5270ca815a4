namespace CogniForge.Llm.Tests.Limits;

/// <summary>The budget endpoint of a key.</summary>
public class KeyBudgetTests
{
    private readonly FakeTimeProvider _time = new(TestTime.Start);

    [Theory]
    [InlineData("day", "\"2026-03-01T00:00:00+00:00\"", "\"2026-03-02T00:00:00+00:00\"")]
    [InlineData("week", "\"2026-02-23T00:00:00+00:00\"", "\"2026-03-02T00:00:00+00:00\"")]
    [InlineData("month", "\"2026-03-01T00:00:00+00:00\"", "\"2026-04-01T00:00:00+00:00\"")]
    [InlineData("total", "null", "null")]
    public async Task Get_AfterRequest_ReturnsPeriodAndSums(string period, string start, string end)
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (id, client) = await gateway.NewKeyAsync($$$"""{"budget":{"amount":0.000009,"period":"{{{period}}}"}}""");
        string Report(string spent, string remaining, string exhausted) =>
            $$"""{"period":"{{period}}","start":{{start}},"end":{{end}},"amount":0.000009,"spent":{{spent}},"held":0"""
            + $$""","remaining":{{remaining}},"exhausted":{{exhausted}}}""";
        Assert.Equal(Report("0", "0.000009", "false"), (await gateway.BudgetAsync(id)).GetRawText());

        Assert.Equal(200, await client.StatusAsync());
        Assert.Equal(Report("0.000004", "0.000005", "false"), (await gateway.BudgetAsync(id)).GetRawText());
        Assert.Equal((200, 402), (await client.StatusAsync(), await client.StatusAsync()));

        // What is left is not enough for this request, but it is not nothing.
        Assert.Equal(Report("0.000008", "0.000001", "false"), (await gateway.BudgetAsync(id)).GetRawText());
        await gateway.SetLimitsAsync(id, $$$"""{"budget":{"amount":0.000007,"period":"{{{period}}}"}}""");
        var less = await gateway.BudgetAsync(id);
        Assert.Equal(
            (0.000008m, 0m, true),
            (
                less.GetProperty("spent").GetDecimal(),
                less.GetProperty("remaining").GetDecimal(),
                less.GetProperty("exhausted").GetBoolean()
            )
        );
    }

    [Fact]
    public async Task Get_NextPeriod_StartsAgain()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (id, client) = await gateway.NewKeyAsync("""{"budget":{"amount":0.000004,"period":"day"}}""");
        Assert.Equal(200, await client.StatusAsync());
        Assert.True((await gateway.BudgetAsync(id)).GetProperty("exhausted").GetBoolean());
        _time.Advance(TimeSpan.FromHours(12));
        var next = await gateway.BudgetAsync(id);
        Assert.Equal(
            ("2026-03-02T00:00:00+00:00", 0m, false),
            (
                next.GetProperty("start").GetString(),
                next.GetProperty("spent").GetDecimal(),
                next.GetProperty("exhausted").GetBoolean()
            )
        );
    }

    [Fact]
    public async Task Get_UnknownKeyOrNoBudget_Returns404()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync();
        var (id, _) = await gateway.NewKeyAsync("""{"requestsPerMinute":5}""");
        var problem = await Problem.ReadAsync(await gateway.Client.GetAsync($"/api/v1/llm/keys/{id}/budget"), 404);
        Assert.Contains("has no budget", problem.Detail, StringComparison.Ordinal);
        var none = await Problem.ReadAsync(
            await gateway.Client.GetAsync($"/api/v1/llm/keys/{Guid.CreateVersion7()}/budget"),
            404
        );
        Assert.Contains("There is no key", none.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ReadScope_IsRequired()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync();
        var (id, invoker) = await gateway.NewKeyAsync("""{"budget":{"amount":1,"period":"day"}}""");
        using var reader = gateway.NewClient(await gateway.CreateKeyAsync("llm", "llm:read"));
        await (await reader.GetAsync($"/api/v1/llm/keys/{id}/budget")).ReadAsync(200);
        await Problem.ReadAsync(await invoker.GetAsync($"/api/v1/llm/keys/{id}/budget"), 403);
    }
}
