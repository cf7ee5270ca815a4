using System.Text.Json;

namespace CogniForge.Serving.Tests.Servers;

/// <summary>A page of large models ends early instead of holding them all in memory.</summary>
[Trait("Category", "Servers")]
public sealed class LargeModelsTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    private const int Models = 12;

    [Fact]
    public async Task List_LargeModelsInPostgres_PageEndsEarly()
    {
        await using var service = await ServingOnPostgres.StartAsync(await postgres.NewDatabaseAsync());

        await AssertPagesAsync(service);
    }

    [Fact]
    public async Task List_LargeModelsInMemory_PageEndsEarly()
    {
        await using var service = new ServingService();

        await AssertPagesAsync(service);
    }

    private static async Task AssertPagesAsync(ServingService service)
    {
        for (var i = 0; i < Models; i++)
        {
            using var registered = await service.RegisterAsync(CreateModel($"large-{i}"));
            await registered.ReadAsync(201);
        }

        // Each has 0.5 MB of tags, so that a page of 4 MiB ends with the ninth.
        var (first, cursor) = await ReadAsync(service, "?limit=1000");
        var (second, end) = await ReadAsync(service, $"?limit=1000&cursor={cursor}");
        Assert.Equal((9, 3), (first.Count, second.Count));
        Assert.Null(end);
        Assert.Equal(Models, first.Concat(second).Distinct().Count());

        // A page that the limit ends is not changed by the size.
        var (limited, next) = await ReadAsync(service, "?limit=2");
        Assert.Equal(2, limited.Count);
        Assert.NotNull(next);
    }

    private static async Task<(List<string> Names, string? Next)> ReadAsync(ServingService service, string query)
    {
        using var response = await service.Client.GetAsync($"/api/v1/serving/models{query}");
        var page = await response.ReadAsync(200);
        return (
            [.. page.GetProperty("items").EnumerateArray().Select(m => m.GetProperty("name").GetString()!)],
            page.GetProperty("next").GetString()
        );
    }

    private static string CreateModel(string name) =>
        JsonSerializer.Serialize(
            new
            {
                name,
                tags = Enumerable.Range(0, 100).ToDictionary(i => $"tag-{i}", _ => new string('x', 5_000)),
            }
        );
}
