namespace CogniForge.EndToEnd.Tests;

/// <summary>The dashboard's command that empties the response cache.</summary>
[Trait("Category", "Servers")]
[Collection(ProductionCollection.Name)]
public sealed class PurgeCacheTests(ProductionSystem system)
{
    [Fact]
    public async Task PurgeCache_ByCommand_Succeeds()
    {
        var result = await system.App.ResourceCommands.ExecuteCommandAsync("llm", "purge-cache");
        Assert.Equal((true, "The response cache is empty."), (result.Success, result.Message));
    }
}
