using CogniForge.Llm.Configuration;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.Configuration;

namespace CogniForge.Llm.Tests.Admin;

public sealed class ProjectsEndpointsTests : IDisposable
{
    private const string Path = "/api/v1/llm/projects";

    private readonly GatewayHost _gateway = GatewayHost.Start(
        ("Projects:TEAM-B:Budget:Amount", "0.5"),
        ("Projects:TEAM-B:Budget:Period", "week"),
        ("Projects:TEAM-B:Routes:0", "mock")
    );

    [Fact]
    public async Task Put_Project_IsListedUntilDeleted()
    {
        const string Project = """
            {"routes":["fast"],"budget":{"amount":500,"period":"month"},"requestsPerMinute":60,"tokensPerMinute":9000}
            """;
        var view = $$"""{"name":"team-a","origin":"api",{{Project.Trim()[1..]}}""";
        using var created = await _gateway.Client.PutAsync($"{Path}/team-a", Project);
        Assert.Equal(view, (await created.ReadAsync(201)).GetRawText());
        using var got = await _gateway.Client.GetAsync($"{Path}/team-a");
        Assert.Equal(view, (await got.ReadAsync(200)).GetRawText());
        using var list = await _gateway.Client.GetAsync(Path);
        var configured =
            """{"name":"team-b","origin":"configuration","routes":["mock"],"budget":{"amount":0.5,"period":"week"},"""
            + "\"requestsPerMinute\":null,\"tokensPerMinute\":null}";
        Assert.Equal($$"""{"items":[{{view}},{{configured}}],"next":null}""", (await list.ReadAsync(200)).GetRawText());

        using var replaced = await _gateway.Client.PutAsync($"{Path}/team-a", "{}");
        await replaced.ReadAsync(200);
        Assert.Equal(204, (int)(await _gateway.Client.DeleteAsync($"{Path}/team-a")).StatusCode);
        await Problem.ReadAsync(await _gateway.Client.GetAsync($"{Path}/team-a"), 404);
        await Problem.ReadAsync(await _gateway.Client.DeleteAsync($"{Path}/team-a"), 404);
        await Problem.ReadAsync(await _gateway.Client.DeleteAsync($"{Path}/team-b"), 409);
    }

    [Theory]
    [InlineData("team-a", """{"budget":{"amount":-1,"period":"day"}}""", "budget.amount")]
    [InlineData("team-a", """{"budget":{"amount":1,"period":"year"}}""", "budget.period")]
    [InlineData("team-a", """{"routes":[]}""", "routes")]
    [InlineData("team-a", """{"requestsPerMinute":0}""", "requestsPerMinute")]
    [InlineData("team-a", """{"tokensPerMinute":0}""", "tokensPerMinute")]
    [InlineData("team-a", """{"limit":1}""", "limit")]
    [InlineData("team-a", """{"project":"team-b"}""", "project")]
    [InlineData("Team", "{}", "name")]
    public async Task Put_InvalidProject_NamesField(string name, string project, string path)
    {
        using var response = await _gateway.Client.PutAsync($"{Path}/{name}", project);
        var errors = (await response.ReadAsync(400)).GetProperty("errors");
        Assert.Equal([path], errors.EnumerateObject().Select(e => e.Name));
    }

    [Fact]
    public async Task GetBudget_UnknownProjectOrNoBudget_Returns404()
    {
        await _gateway.Client.PutAsync($"{Path}/team-a", "{}");
        var without = await Problem.ReadAsync(await _gateway.Client.GetAsync($"{Path}/team-a/budget"), 404);
        Assert.Contains("has no budget", without.Detail, StringComparison.Ordinal);
        var unknown = await Problem.ReadAsync(await _gateway.Client.GetAsync($"{Path}/team-x/budget"), 404);
        Assert.Contains("There is no project team-x", unknown.Detail, StringComparison.Ordinal);
        using var budget = await _gateway.Client.GetAsync($"{Path}/team-b/budget");
        Assert.Equal(0.5m, (await budget.ReadAsync(200)).GetProperty("remaining").GetDecimal());
    }

    [Theory]
    [InlineData("Budget:Amount", "1", "budget.period must be set")]
    [InlineData("Budget:Period", "day", "budget.amount must be set")]
    [InlineData("Budget:Amount", "much", "budget.period must be set", "budget.amount must be a number")]
    [InlineData("Budget", "1", "budget must have settings of its own")]
    [InlineData("RequestsPerMinute", "0", "requestsPerMinute must be 1 to 1000000")]
    [InlineData("Limit", "1", "Limit is not a known setting")]
    public void Read_InvalidProject_NamesPathAndRule(string name, string value, params string[] rules)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new($"Projects:team-a:{name}", value)])
            .Build();

        var e = Assert.Throws<InvalidConfigException>(() => StartupConfigReader.Read(configuration, hasMock: true));

        Assert.All(rules, rule => Assert.Contains($"Projects:team-a:{rule}", e.Message, StringComparison.Ordinal));
    }

    public void Dispose() => _gateway.Dispose();
}
