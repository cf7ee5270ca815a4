using CogniForge.Serving.Models;
using CogniForge.Serving.Tests.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Serving.Tests.Servers;

/// <summary>Two replicas share a database; each caches what it serves.</summary>
[Trait("Category", "Servers")]
public sealed class ReplicaTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    [Fact]
    public async Task Change_ByOtherReplica_IsSeenWithinTwoSeconds()
    {
        var clock = new FakeTimeProvider(TestTime.Start);
        var database = await postgres.NewDatabaseAsync();
        await using var one = await ServingOnPostgres.StartAsync(database, clock);
        await using var other = await ServingOnPostgres.StartAsync(database, clock);
        var registry = new RegistryClient(one.Client);
        await registry.ReadAsync(201, "POST", "", """{"name":"churn","kind":"mock"}""");
        await registry.ReadAsync(201, "POST", "/churn/versions", RegistryClient.Mock);
        await registry.MoveAsync("churn", "champion", 1);
        var catalog = other.Services.GetRequiredService<ModelCatalog>();
        Assert.Equal((1, 1), await FindAsync());

        await registry.MoveThroughAsync("churn", 2, "ready", "serving");
        await registry.MoveAsync("churn", "champion", 2);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((2, 2), await FindAsync());

        await registry.ReadAsync(200, "POST", "/churn/aliases/champion/roll-back");
        await registry.MoveThroughAsync("churn", 2, "draining");
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((1, 1), await FindAsync());

        async Task<(int?, int?)> FindAsync() =>
            (
                (await catalog.FindAsync("churn", null, CancellationToken.None))?.Version,
                (await catalog.FindByAliasAsync("churn", "champion", CancellationToken.None))?.Version
            );
    }
}
