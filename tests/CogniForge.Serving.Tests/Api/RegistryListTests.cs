using System.Text.Json;

namespace CogniForge.Serving.Tests.Api;

public class RegistryListTests(ServingService service) : IClassFixture<ServingService>, IAsyncLifetime
{
    private static readonly string[] _names = ["list-c", "list-a", "list-e", "list-b", "list-d"];

    public async Task InitializeAsync()
    {
        foreach (var name in _names)
            (await service.RegisterAsync(ModelJson.Of(name))).Dispose();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task List_All_IsInTheOrderOfMaking()
    {
        using var response = await service.Client.GetAsync("/api/v1/serving/models");
        var page = await response.ReadAsync(200);
        Assert.Equal(_names, Names(page));
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
        Assert.Equal(_names.Length, await service.CountAsync("models"));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 3)]
    [InlineData(5, 1)]
    public async Task List_InPages_HasEachModelOnce(int limit, int pages)
    {
        var names = new List<string>();
        string? cursor = "";
        for (var page = 1; cursor is not null; page++)
        {
            using var response = await service.Client.GetAsync($"/api/v1/serving/models?limit={limit}&cursor={cursor}");
            var answer = await response.ReadAsync(200);
            names.AddRange(Names(answer));
            cursor = answer.GetProperty("next").GetString();
            Assert.Equal(page == pages, cursor is null);
        }

        Assert.Equal(_names, names);
    }

    [Theory]
    [InlineData("limit=0", "limit: must be 1 to 1000")]
    [InlineData("limit=1001", "limit: must be 1 to 1000")]
    [InlineData("cursor=nonsense", "cursor: must be the 'next' of another page")]
    public async Task List_BrokenRule_IsNamedWithItsField(string query, string rule)
    {
        using var response = await service.Client.GetAsync($"/api/v1/serving/models?{query}");
        Assert.Equal([rule], await Problem.ReadRulesAsync(response));
    }

    private static IEnumerable<string> Names(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString()!);
}
