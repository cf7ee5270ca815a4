using CogniForge.Llm.Limits;
using CogniForge.Llm.Limits.Budgets;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>Limits that the keys of a project share.</summary>
public class ProjectLimitsTests
{
    private const string InTeam = """{"project":"team-a"}""";
    private readonly FakeTimeProvider _time = new(TestTime.Start);

    [Fact]
    public async Task Budget_ThreeKeys_ShareIt()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        await gateway.PutProjectAsync("team-a", """{"budget":{"amount":0.000012,"period":"month"}}""");
        for (var i = 0; i < 3; i++)
        {
            var (_, client) = await gateway.NewKeyAsync(InTeam);
            Assert.Equal(200, await client.StatusAsync());
        }

        var (_, last) = await gateway.NewKeyAsync(InTeam);
        using var refused = await last.ChatAsync();

        var error = await OpenAiError.ReadAsync(refused, 402);
        Assert.Equal(("insufficient_quota", "budget_exceeded"), (error.Type, error.Code));
        Assert.StartsWith(
            "The budget of the project 'team-a' of 0.000012 USD per month does not cover this request",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(
            """
            {"period":"month","start":"2026-03-01T00:00:00+00:00","end":"2026-04-01T00:00:00+00:00",
            "amount":0.000012,"spent":0.000012,"held":0,"remaining":0,"exhausted":true}
            """.ReplaceLineEndings(""),
            (await gateway.ProjectBudgetAsync("team-a")).GetRawText()
        );
        var (_, other) = await gateway.NewKeyAsync("{}");
        Assert.Equal(200, await other.StatusAsync());
    }

    [Fact]
    public async Task Requests_PerMinute_AreShared()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        await gateway.PutProjectAsync("team-a", """{"requestsPerMinute":2}""");
        var (_, one) = await gateway.NewKeyAsync(InTeam);
        var (_, other) = await gateway.NewKeyAsync("""{"project":"team-a","requestsPerMinute":100}""");

        using var first = await other.ChatAsync();
        Assert.Equal(
            ("2", "1"),
            (first.Header("x-ratelimit-limit-requests"), first.Header("x-ratelimit-remaining-requests"))
        );
        Assert.Equal(200, await one.StatusAsync());
        using var refused = await other.ChatAsync();
        var error = await OpenAiError.ReadAsync(refused, 429);
        Assert.Contains("2 requests per minute on the project 'team-a'", error.Message, StringComparison.Ordinal);

        // The key's own limit got the refused request back.
        await gateway.PutProjectAsync("team-a", "{}");
        using var later = await other.ChatAsync();
        Assert.Equal("98", later.Header("x-ratelimit-remaining-requests"));
    }

    [Fact]
    public async Task Budget_ProjectRefuses_KeyKeepsItsOwn()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        await gateway.PutProjectAsync("team-a", """{"budget":{"amount":0.000004,"period":"day"}}""");
        var (id, client) = await gateway.NewKeyAsync(
            """{"project":"team-a","budget":{"amount":1,"period":"day"}}"""
        );

        Assert.Equal((200, 402), (await client.StatusAsync(), await client.StatusAsync()));

        var budget = await gateway.BudgetAsync(id);
        Assert.Equal(
            (0.000004m, 0m),
            (budget.GetProperty("spent").GetDecimal(), budget.GetProperty("held").GetDecimal())
        );
    }

    [Fact]
    public async Task Budget_ProjectCoversLess_CutsTheOutput()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider, _time);
        await gateway.PutProjectAsync("team-a", """{"budget":{"amount":0.00002,"period":"day"}}""");
        var (id, client) = await gateway.NewKeyAsync(
            """{"project":"team-a","budget":{"amount":1,"period":"day"}}"""
        );
        var held = 0m;
        provider.Behaviour = async call =>
        {
            held = (await gateway.BudgetAsync(id)).GetProperty("held").GetDecimal();
            await call.RespondAsync("Hello");
        };

        Assert.Equal(
            200,
            await client.StatusAsync("""{"model":"fake/fake","messages":[{"role":"user","content":"Hello"}]}""")
        );

        Assert.Equal(20, Assert.Single(provider.Calls).Body.GetProperty("max_tokens").GetInt32());
        Assert.Equal(0.00002m, held); // the key holds no more than its project
        Assert.Equal(0m, (await gateway.BudgetAsync(id)).GetProperty("held").GetDecimal());
        Assert.Equal(0m, (await gateway.ProjectBudgetAsync("team-a")).GetProperty("held").GetDecimal());
    }

    [Fact]
    public async Task ReserveAgain_ProjectRefuses_TakesNothingOfTheKey()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var limiter = gateway.Services.GetRequiredService<Limiter>();
        var budgets = gateway.Services.GetRequiredService<BudgetLimiter>();
        Reservation[] reservations =
        [
            Reservations.Create("key", 5_000) with { At = _time.GetUtcNow() },
            Reservations.Create(Project.GetLimitKey("team-a"), 5_000, 0.000008m) with { At = _time.GetUtcNow() },
        ];
        foreach (var reservation in reservations)
        {
            Assert.True((await limiter.ReserveAsync(reservation, default)).IsGranted);
        }

        Assert.False(await limiter.TryReserveAgainAsync(reservations));

        var window = BudgetWindow.At(BudgetPeriod.Total, _time.GetUtcNow());
        Assert.Equal(new(0, 5_000), await budgets.ReadAsync("key", window, default));
        Assert.Equal(new(0, 5_000), await budgets.ReadAsync("project:team-a", window, default));
    }

    [Fact]
    public async Task Routes_OfProject_LimitItsKeys()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync();
        await gateway.PutProjectAsync("team-a", """{"routes":["mock-*"]}""");
        var (_, client) = await gateway.NewKeyAsync("""{"project":"team-a","routes":["mock*"]}""");

        using var refused = await client.ChatAsync();
        Assert.Equal(
            ("model_not_allowed", "The project 'team-a' may not use the model 'mock'."),
            await OpenAiError.ReadAsync(refused, 403) is var e ? (e.Code, e.Message) : default
        );
        Assert.Equal(200, await client.StatusAsync(LimitedGateway.Hello.Replace("\"mock\"", "\"mock-x\"")));
        using var models = await client.GetAsync(new Uri("/v1/models", UriKind.Relative));
        Assert.Empty((await models.ReadAsync(200)).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task Delete_ProjectWithKeys_RefusesThemUntilItIsBack()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync();
        await gateway.PutProjectAsync("team-a", "{}");
        var (_, client) = await gateway.NewKeyAsync(InTeam);
        Assert.Equal(200, await client.StatusAsync());

        using var deleted = await gateway.Client.DeleteAsync("/api/v1/llm/projects/team-a");
        Assert.Equal(204, (int)deleted.StatusCode);
        using var refused = await client.ChatAsync();
        var error = await OpenAiError.ReadAsync(refused, 403);
        Assert.Equal("project_not_found", error.Code);
        Assert.Contains("the project 'team-a', which does not exist", error.Message, StringComparison.Ordinal);

        await gateway.PutProjectAsync("team-a", "{}");
        Assert.Equal(200, await client.StatusAsync());
    }

    [Fact]
    public async Task Key_UnknownProject_Returns400()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync();
        using var created = await gateway.Client.PostAsync(
            "/api/v1/llm/keys",
            """{"name":"test","scopes":["llm:invoke"],"limits":{"project":"team-x"}}"""
        );
        await AssertUnknownAsync(created, "limits.project");

        var (id, _) = await gateway.NewKeyAsync("{}");
        using var changed = await gateway.Client.PutAsync($"/api/v1/llm/keys/{id}/limits", """{"project":"team-x"}""");
        await AssertUnknownAsync(changed, "project");

        static async Task AssertUnknownAsync(HttpResponseMessage response, string path)
        {
            var errors = (await response.ReadAsync(400)).GetProperty("errors");
            Assert.StartsWith(
                "must name an existing project",
                errors.GetProperty(path)[0].GetString(),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task Limits_KeyOfProject_CannotChangeItsOwn()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync();
        await gateway.PutProjectAsync("team-a", "{}");
        using var created = await gateway.Client.PostAsync(
            "/api/v1/llm/keys",
            """{"name":"lead","scopes":["llm:admin"],"limits":{"project":"team-a"}}"""
        );
        var key = await created.ReadAsync(201);
        using var lead = gateway.NewClient(key.GetProperty("key").GetString());
        var id = key.GetProperty("details").GetProperty("id").GetString();

        using var changed = await lead.PutAsync($"/api/v1/llm/keys/{id}/limits", "{}");

        Assert.Equal(403, (int)changed.StatusCode);
    }
}
