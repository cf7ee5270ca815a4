using System.Text.Json;
using CogniForge.Serving.Loading;
using CogniForge.Serving.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Serving.Tests.Loading;

/// <summary>Loaded models have a maximum of memory, here that of two.</summary>
public sealed class MemoryBoundTests(MemoryBoundTests.TinyService service) : IClassFixture<MemoryBoundTests.TinyService>
{
    private const int Inputs = 5_000; // each takes 72 bytes
    private static readonly string _row = string.Join(',', Enumerable.Repeat('0', Inputs));

    [Fact]
    public async Task Load_BeyondMaximum_UnloadsLeastRecentlyUsed()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            using var registered = await service.RegisterAsync(CreateModel(name));
            Assert.True(registered.IsSuccessStatusCode, await registered.Content.ReadAsStringAsync());
        }

        foreach (var name in (string[])["a", "b", "a", "c"])
        {
            using var response = await service.Client.PostAsync(
                $"/v2/models/{name}/infer",
                $$"""{"inputs":[{"name":"features","datatype":"FP64","shape":[1,{{Inputs}}],"data":[{{_row}}]}]}"""
            );
            await response.ReadAsync(200);
        }

        using var index = await service.Client.PostAsync("/v2/repository/index", """{"ready":true}""");
        var ready = (await index.ReadAsync(200)).EnumerateArray().Select(m => m.GetProperty("name").GetString());
        Assert.Equal(["a", "c"], ready.Order());
    }

    /// <summary>Loading a version while requests used the others exceeded the maximum.</summary>
    [Fact]
    public async Task Load_OthersInUse_WaitsForTheirEnd()
    {
        var repository = service.Services.GetRequiredService<ModelRepository>();
        var versions = new List<ModelVersion>();
        foreach (var name in (string[])["used", "held", "waits"])
        {
            (await service.RegisterAsync(CreateModel(name))).Dispose();
            versions.Add((await service.Services.GetRequiredService<ModelCatalog>().FindAsync(name, 1, default))!);
        }

        var used = await repository.AcquireAsync(versions[0], CancellationToken.None);
        using var held = await repository.AcquireAsync(versions[1], CancellationToken.None);
        var loading = repository.AcquireAsync(versions[2], CancellationToken.None).AsTask();
        Assert.False(loading.IsCompleted);

        used.Dispose();
        using var loaded = await loading.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(ModelState.Unloaded, repository.GetState(versions[0]).State);
        Assert.Equal(ModelState.Ready, repository.GetState(versions[1]).State);
    }

    private static string CreateModel(string name) =>
        JsonSerializer.Serialize(
            new
            {
                name,
                kind = "logistic",
                inputs = Enumerable.Range(0, Inputs).Select(i => $"x{i}"),
                classes = (string[])["no", "yes"],
                intercept = 0,
                coefficients = Enumerable.Repeat(1, Inputs),
            }
        );

    public sealed class TinyService() : ServingService(TimeProvider.System, ("Inference:MaxLoadedBytes", "1048576"));
}
