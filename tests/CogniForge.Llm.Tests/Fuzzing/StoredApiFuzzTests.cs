using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Fuzzing;

/// <summary>Postgres and Redis reject texts that the stores in memory accept, such as U+0000.</summary>
[Collection(RealServersCollection.Name)]
[Trait("Category", "Servers")]
public class StoredApiFuzzTests(RealServers servers)
{
    [Fact]
    public async Task Requests_MutatedWithRealStores_NeverFailTheService()
    {
        await using var gateway = await GatewayHost.StartOnAsync(
            await servers.NewDatabaseAsync(),
            ("ConnectionStrings:cache", servers.Redis)
        );
        await ApiFuzzer.RunAsync(gateway.Address, "llm");
    }
}
