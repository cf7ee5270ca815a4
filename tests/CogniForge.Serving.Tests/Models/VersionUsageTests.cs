using CogniForge.Serving.Tests.Experiments;
using CogniForge.Serving.Tests.Servers;

namespace CogniForge.Serving.Tests.Models;

/// <summary>What uses a version keeps it from being deleted, in memory as in Postgres.</summary>
[Trait("Category", "Servers")]
public sealed class VersionUsageTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    [Fact]
    public async Task Delete_UsedInMemory_NamesUser()
    {
        await using var service = new ServingService();
        await AssertNamesUserAsync(service);
    }

    [Fact]
    public async Task Delete_UsedInPostgres_NamesUser()
    {
        await using var service = await ServingOnPostgres.StartAsync(await postgres.NewDatabaseAsync());
        await AssertNamesUserAsync(service);
    }

    [Fact]
    public async Task Delete_AliasOfPolicy_NamesUser()
    {
        await using var service = new ServingService();
        var registry = new RegistryClient(service.Client);
        await registry.RegisterAsync("aliased", 1);
        await registry.MoveAsync("aliased", "champion", 1);
        await registry.ReadAsync(
            200,
            "PUT",
            "/aliased/routing",
            """{"strategy":"roundRobin","targets":[{"alias":"champion"}]}"""
        );

        Assert.Equal(
            "Alias 'champion' of model 'aliased' is used by the model's routing policy.",
            await registry.ReadProblemAsync(409, "DELETE", "/aliased/aliases/champion")
        );
        await registry.ReadAsync(204, "DELETE", "/aliased/routing");
        await registry.ReadAsync(204, "DELETE", "/aliased/aliases/champion");
    }

    // JSON's names may have any case.
    private const string Ensemble = """
        {"name":"both","kind":"ensemble","definition":{
            "method":"average","Members":[{"model":"used","Version":1},{"model":"USED","version":4}]
        }}
        """;

    private static async Task AssertNamesUserAsync(ServingService service)
    {
        var registry = new RegistryClient(service.Client);
        var experiments = new ExperimentClient(service.Client);
        await registry.RegisterAsync("used", 4);
        await registry.RegisterAsync("USED", 4);
        await registry.ReadAsync(
            200,
            "PUT",
            "/used/routing",
            """{"strategy":"roundRobin","targets":[{"version":4}],"fallback":{"version":3}}"""
        );
        await experiments.ReadAsync(201, "POST", "", ExperimentClient.Describe("prices", "used"));
        await registry.ReadAsync(200, "PUT", "/used/shadows/1", """{"sampleRate":1}""");

        Assert.Equal("Version 4 of model 'used' is used by the model's routing policy.", await RefuseAsync(4));
        Assert.Equal("Version 3 of model 'used' is used by the model's routing policy.", await RefuseAsync(3));
        Assert.Equal("Version 2 of model 'used' is used by experiment 'prices'.", await RefuseAsync(2));
        Assert.Equal(
            "Model 'used' is used by experiment 'prices'.",
            await registry.ReadProblemAsync(409, "DELETE", "/used")
        );

        await experiments.ReadAsync(200, "POST", "/prices/start");
        await experiments.ReadAsync(200, "POST", "/prices/stop", """{"reason":"enough"}""");
        await registry.ReadAsync(204, "DELETE", "/used/versions/2");
        Assert.Equal("Version 1 of model 'used' is used by the shadow of version 1.", await RefuseAsync(1));

        await registry.ReadAsync(204, "DELETE", "/used/shadows/1");
        await registry.ReadAsync(201, "POST", "", Ensemble);
        Assert.Equal("Version 1 of model 'used' is used by version 1 of the ensemble 'both'.", await RefuseAsync(1));
        Assert.Equal(
            "Model 'used' is used by version 1 of the ensemble 'both'.",
            await registry.ReadProblemAsync(409, "DELETE", "/used")
        );

        await registry.MoveThroughAsync("both", 1, "draining", "retired");
        await registry.ReadAsync(204, "DELETE", "/used/versions/1");
        await registry.ReadAsync(204, "DELETE", "/used");

        Task<string> RefuseAsync(int version) =>
            registry.ReadProblemAsync(409, "DELETE", $"/used/versions/{version}");
    }
}
