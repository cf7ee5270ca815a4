namespace CogniForge.Serving.Tests.Inference;

/// <summary>Triton's model repository extension, as extension_model_repository.md specifies it.</summary>
public class ModelRepositoryTests(ServingService service) : IClassFixture<ServingService>, IAsyncLifetime
{
    private const string Models = "/v2/repository/models";

    public async Task InitializeAsync() => (await service.RegisterAsync(ModelJson.Create("small"))).Dispose();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Index_LoadedAndUnloaded_HasStates()
    {
        using var loaded = await service.Client.PostAsync($"{Models}/small/load", "");
        Assert.True(loaded.IsSuccessStatusCode);
        Assert.Equal(
            """[{"name":"small","version":"1","state":"READY","reason":""}]""",
            await IndexAsync("""{"ready":true}""")
        );

        using var unloaded = await service.Client.PostAsync($"{Models}/small/unload", "");
        Assert.True(unloaded.IsSuccessStatusCode);
        Assert.Equal("[]", await IndexAsync("""{"ready":true}"""));
        Assert.Equal(
            """[{"name":"small","version":"1","state":"UNAVAILABLE","reason":"unloaded"}]""",
            await IndexAsync("{}")
        );

        // The next request loads it again.
        using var ready = await service.Client.GetAsync("/v2/models/small/ready");
        Assert.True((await ready.ReadAsync(200)).GetProperty("ready").GetBoolean());
    }

    [Fact]
    public async Task Load_Unknown_ReturnsNotFound()
    {
        using var response = await service.Client.PostAsync($"{Models}/unknown/load", "");
        Assert.Equal(
            "Model 'unknown' does not exist or has no serving version.",
            (await response.ReadAsync(404)).GetProperty("error").GetString()
        );
    }

    [Fact]
    public async Task Unload_KeyWithoutWrite_IsForbidden()
    {
        using var client = service.NewClient(await service.CreateKeyAsync("serving", "serving:infer"));
        using var response = await client.PostAsync($"{Models}/small/unload", "");
        Assert.Contains(
            "serving:write",
            (await response.ReadAsync(403)).GetProperty("error").GetString(),
            StringComparison.Ordinal
        );
    }

    private async Task<string> IndexAsync(string body)
    {
        using var response = await service.Client.PostAsync("/v2/repository/index", body);
        return (await response.ReadAsync(200)).GetRawText();
    }
}
