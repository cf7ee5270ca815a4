using System.Text.Json;
using CogniForge.Serving.Tests.Models;

namespace CogniForge.Serving.Tests.Experiments;

public class ExperimentsEndpointsTests(ServingService service) : IClassFixture<ServingService>
{
    private readonly ExperimentClient _client = new(service.Client);

    [Fact]
    public async Task Create_Minimal_IsDraftWithDefaults()
    {
        await _client.CreateAsync("minimal");
        var created = await _client.ReadAsync(200, "GET", "/minimal");
        Assert.Equal("draft", created.GetProperty("state").GetString());
        Assert.Equal("minimal", created.GetProperty("salt").GetString());
        Assert.Equal(1, created.GetProperty("coverage").GetDouble());
        Assert.Equal(0.05, created.GetProperty("alpha").GetDouble());

        var again = ExperimentClient.Describe("minimal", "minimal");
        Assert.Contains("already exists", await _client.ReadProblemAsync(409, "POST", "", again));
    }

    [Fact]
    public async Task Create_Invalid_NamesFieldsAndRules()
    {
        using var response = await _client.SendAsync(
            "POST",
            "",
            """
            {
              "name": "1st", "model": "m", "coverage": 0,
              "variants": [{ "name": "a", "version": 1 }, { "name": "a", "version": 0 }],
              "targeting": [{ "attribute": "age", "operator": "atLeast", "values": ["old"] }],
              "primaryMetric": { "name": "m", "kind": "binary", "aggregation": "mean" },
              "guardRails": [{ "name": "m", "kind": "continuous", "tolerance": -1 }]
            }
            """
        );
        Assert.Equal(
            [
                "coverage",
                "guardRails",
                "guardRails[0].tolerance",
                "name",
                "primaryMetric.aggregation",
                "targeting[0].values",
                "variants",
                "variants[1].version",
            ],
            (await Problem.ReadRulesAsync(response)).Select(r => r.Split(": ")[0]).Distinct()
        );
    }

    [Fact]
    public async Task States_InOrder_FollowTheCalls()
    {
        await _client.CreateAsync("states");
        Assert.Contains("never started", await _client.ReadProblemAsync(409, "POST", "/states/stop", "{}"));
        foreach (
            var (call, body, state) in new[]
            {
                ("start", null, "running"),
                ("start", null, "running"),
                ("pause", null, "paused"),
                ("start", null, "running"),
                ("stop", """{"reason":"enough"}""", "stopped"),
                ("stop", "{}", "stopped"),
            }
        )
        {
            var after = await _client.ReadAsync(200, "POST", $"/states/{call}", body);
            Assert.Equal(state, after.GetProperty("state").GetString());
        }

        Assert.Equal("enough", (await _client.ReadAsync(200, "GET", "/states")).GetProperty("stateReason").GetString());
        Assert.Contains("has ended", await _client.ReadProblemAsync(409, "POST", "/states/start"));
    }

    [Fact]
    public async Task Start_OtherRunsOrVersionMissing_IsRefused()
    {
        await _client.StartAsync("first");
        await _client.ReadAsync(201, "POST", "", ExperimentClient.Describe("second", "first"));
        Assert.Contains("Another experiment", await _client.ReadProblemAsync(409, "POST", "/second/start"));
        await _client.ReadAsync(200, "POST", "/first/pause");
        await _client.ReadAsync(200, "POST", "/second/start");
        Assert.Contains("Another experiment", await _client.ReadProblemAsync(409, "POST", "/first/start"));

        await _client.ReadAsync(201, "POST", "", ExperimentClient.Describe("nowhere", "unregistered"));
        Assert.Contains("no version 1", await _client.ReadProblemAsync(409, "POST", "/nowhere/start"));
    }

    [Fact]
    public async Task Change_AfterStart_KeepsTheAssignment()
    {
        await _client.CreateAsync("changing");
        await _client.ReadAsync(200, "PATCH", "/changing", """{"salt":"other"}""");
        await _client.ReadAsync(200, "POST", "/changing/start");
        await _client.ReadAsync(200, "PATCH", "/changing", """{"coverage":0.5}""");
        Assert.Contains(
            "only description, coverage and guardRails",
            await _client.ReadProblemAsync(409, "PATCH", "/changing", """{"salt":"third"}""")
        );
        var after = await _client.ReadAsync(200, "GET", "/changing");
        Assert.Equal("other", after.GetProperty("salt").GetString());
        Assert.Equal(0.5, after.GetProperty("coverage").GetDouble());
    }

    [Fact]
    public async Task Change_StaleETag_IsRefused()
    {
        await _client.CreateAsync("tagged");
        using var read = await _client.SendAsync("GET", "/tagged");
        var tag = read.Headers.ETag!.ToString();
        using var first = await _client.SendAsync("PATCH", "/tagged", """{"description":"a"}""", tag);
        await first.ReadAsync(200);
        using var second = await _client.SendAsync("PATCH", "/tagged", """{"description":"b"}""", tag);
        await Problem.ReadAsync(second, 412);
    }

    [Fact]
    public async Task Delete_Running_IsRefusedUntilItStops()
    {
        await _client.StartAsync("doomed");
        Assert.Contains("stop it first", await _client.ReadProblemAsync(409, "DELETE", "/doomed"));
        await _client.ReadAsync(200, "POST", "/doomed/stop", "{}");
        await _client.ReadAsync(204, "DELETE", "/doomed");
        await _client.ReadProblemAsync(404, "GET", "/doomed");
    }

    [Fact]
    public async Task List_Pages_HaveAllOfTheModel()
    {
        await _client.RegisterModelAsync("listed");
        foreach (var name in new[] { "list-1", "list-2", "list-3" })
        {
            await _client.ReadAsync(201, "POST", "", ExperimentClient.Describe(name, "listed"));
        }

        var page = await _client.ReadAsync(200, "GET", "?model=listed&limit=2");
        var rest = await _client.ReadAsync(
            200,
            "GET",
            $"?model=listed&limit=2&cursor={page.GetProperty("next").GetString()}"
        );
        Assert.Equal(["list-1", "list-2", "list-3"], Names(page).Concat(Names(rest)));
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next").ValueKind);

        static IEnumerable<string?> Names(JsonElement page) =>
            page.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Promote_Variant_MovesAliasAndEnds()
    {
        await _client.StartAsync("promoted");
        var after = await _client.ReadAsync(200, "POST", "/promoted/promote", """{"variant":"new"}""");
        Assert.Equal(
            ("stopped", "new"),
            (after.GetProperty("state").GetString(), after.GetProperty("promoted").GetString())
        );
        var alias = await new RegistryClient(service.Client).ReadAsync(200, "GET", "/promoted/aliases/champion");
        Assert.Equal(2, alias.GetProperty("version").GetInt32());

        using var audit = await service.Client.GetAsync("/api/v1/serving/audit?resource=experiments/promoted");
        Assert.Equal(
            ["PromoteVariant", "StartExperiment", "CreateExperiment"],
            (await audit.ReadAsync(200))
                .GetProperty("items")
                .EnumerateArray()
                .Select(e => e.GetProperty("action").GetString())
        );
    }

    [Theory]
    [InlineData("""{"kind":"binary","baseline":0.2,"effect":0.05}""", 1091, 0.8, 0.05)]
    [InlineData("""{"kind":"continuous","standardDeviation":1,"effect":0.5}""", 63, 0.8, 0.4992)]
    [InlineData("""{"kind":"continuous","standardDeviation":1,"unitsPerVariant":63}""", 63, 0.8, 0.4992)]
    public async Task PowerAnalysis_Plan_HasUnitsPowerAndEffect(string plan, int units, double power, double effect)
    {
        using var response = await service.Client.PostAsync("/api/v1/serving/power-analysis", plan);
        var result = await response.ReadAsync(200);
        Assert.Equal(units, result.GetProperty("unitsPerVariant").GetDouble());
        Assert.Equal(power, result.GetProperty("power").GetDouble(), 0.01);
        Assert.Equal(effect, result.GetProperty("minimumDetectableEffect").GetDouble(), 0.001);
    }

    [Fact]
    public async Task PowerAnalysis_Incomplete_NamesWhatIsMissing()
    {
        using var response = await service.Client.PostAsync("/api/v1/serving/power-analysis", """{"kind":"binary"}""");
        Assert.Equal(
            [": must have effect, unitsPerVariant or both", "baseline: must be 1E-09 to 0.999999999"],
            await Problem.ReadRulesAsync(response)
        );
    }
}
