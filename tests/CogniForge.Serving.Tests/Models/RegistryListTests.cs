using System.Text.Json;

namespace CogniForge.Serving.Tests.Models;

public class RegistryListTests(RegistryListTests.FiveModels service) : IClassFixture<RegistryListTests.FiveModels>
{
    private static readonly string[] _names = ["list-c", "list-a", "list-e", "list-b", "list-d"];

    [Fact]
    public async Task List_All_ReturnsEachModel()
    {
        using var response = await service.Client.GetAsync("/api/v1/serving/models");
        var page = await response.ReadAsync(200);
        Assert.Equal(_names.Order(), Names(page).Order());
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
        Assert.Equal(_names.Length, await service.CountAsync("models"));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 3)]
    [InlineData(5, 1)]
    public async Task List_Paged_ReturnsEachModelOnce(int limit, int pages)
    {
        var names = new List<string>();
        string? cursor = "";
        for (var page = 1; cursor is not null; page++)
        {
            using var response = await service.Client.GetAsync($"/api/v1/serving/models?limit={limit}&cursor={cursor}");
            var json = await response.ReadAsync(200);
            names.AddRange(Names(json));
            cursor = json.GetProperty("next").GetString();
            Assert.Equal(page == pages, cursor is null);
        }

        // Ids of the same millisecond have an arbitrary but stable order.
        Assert.Equal(_names.Order(), names.Order());
    }

    [Theory]
    [InlineData("limit=0", "limit: must be 1 to 1000")]
    [InlineData("limit=1001", "limit: must be 1 to 1000")]
    [InlineData("limt=1", "limt: is not a known parameter; known: limit, cursor")]
    [InlineData("cursor=nonsense", "cursor: must be the 'next' of a previous page")]
    public async Task List_InvalidQuery_NamesFieldAndRule(string query, string rule)
    {
        using var response = await service.Client.GetAsync($"/api/v1/serving/models?{query}");
        Assert.Equal([rule], await Problem.ReadRulesAsync(response));
    }

    private static IEnumerable<string> Names(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString()!);

    /// <summary>Registers models a second apart, because ids of the same millisecond have no defined order.</summary>
    public sealed class FiveModels : ServingService, IAsyncLifetime
    {
        private readonly FakeTimeProvider _time;

        public FiveModels()
            : this(new FakeTimeProvider(TestTime.Start)) { }

        private FiveModels(FakeTimeProvider time)
            : base(time) => _time = time;

        public async Task InitializeAsync()
        {
            foreach (var name in _names)
            {
                (await RegisterAsync(ModelJson.Create(name))).Dispose();
                _time.Advance(TimeSpan.FromSeconds(1));
            }
        }

        Task IAsyncLifetime.DisposeAsync() => base.DisposeAsync().AsTask();
    }
}
