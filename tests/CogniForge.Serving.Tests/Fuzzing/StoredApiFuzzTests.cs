using CogniForge.Serving.Tests.Servers;

namespace CogniForge.Serving.Tests.Fuzzing;

/// <summary>Postgres rejects texts that the stores in memory accept, such as U+0000.</summary>
[Trait("Category", "Servers")]
public sealed class StoredApiFuzzTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    [Fact]
    public async Task Requests_MutatedWithRealStores_NeverFailTheService()
    {
        await using var service = await ServingOnPostgres.StartAsync(await postgres.NewDatabaseAsync());
        await ApiFuzzer.RunAsync(service.Address, "serving");
    }
}
