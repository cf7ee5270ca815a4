using System.Net;
using System.Text.Json;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.ServiceDefaults.Tests.Audit;

/// <summary>The audit as an administrator reads it.</summary>
public sealed class AuditApiTests : IAsyncLifetime
{
    private const string Keys = "/api/v1/llm/keys";
    private const string Path = "/api/v1/llm/audit";
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private TestService _service = null!;
    private HttpClient _root = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync(configure: b =>
        {
            b.Services.AddSingleton<TimeProvider>(_clock);
            b.Services.AddKeyLimits<Dictionary<string, int>>(_ => [], "{}");
        });
        _root = _service.Client();
    }

    public async Task DisposeAsync()
    {
        _root.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task List_ChangesOfKey_AreNewestFirstWithStates()
    {
        using var created = await _root.PostAsync(Keys, Answers.Json("""{"name":"k","scopes":["llm:read"]}"""));
        var body = await created.JsonAsync();
        var (secret, id) = (body.GetProperty("key").GetString()!, body.GetProperty("details").GetProperty("id"));
        (string Method, string Path, string? Body)[] changes =
        [
            ("PATCH", "", """{"name":"new"}"""),
            ("PUT", "/limits", """{"requests":5}"""),
            ("POST", "/rotate", """{"graceSeconds":60}"""),
            ("POST", "/disable", null),
            ("POST", "/disable", null),
            ("POST", "/enable", null),
            ("DELETE", "", null),
        ];
        foreach (var (method, path, text) in changes)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            using var request = new HttpRequestMessage(new(method), $"{Keys}/{id}{path}")
            {
                Content = text is null ? null : Answers.Json(text),
            };
            (await _root.SendAsync(request)).EnsureSuccessStatusCode();
        }

        var (entries, raw) = await ListAsync();

        Assert.Equal(
            ["RevokeKey", "EnableKey", "DisableKey", "RotateKey", "SetKeyLimits", "ChangeKey", "CreateKey"],
            entries.Select(e => e.GetProperty("action").GetString())
        );
        Assert.All(entries, e => Assert.Equal($"keys/{id}", e.GetProperty("resource").GetString()));
        const string Root = """{"id":"root","name":"root","address":"127.0.0.1"}""";
        Assert.All(entries, e => Assert.Equal(Root, e.GetProperty("actor").ToString()));
        var renamed = entries[5];
        Assert.Equal(
            ("k", "new", "2026-03-01T12:00:01+00:00"),
            (
                renamed.GetProperty("before").GetProperty("name").GetString(),
                renamed.GetProperty("after").GetProperty("name").GetString(),
                renamed.GetProperty("occurredAt").GetString()
            )
        );
        Assert.Equal(JsonValueKind.Null, entries[6].GetProperty("before").ValueKind);
        Assert.Matches("^[0-9a-f]{32}$", entries[6].GetProperty("traceId").GetString());
        Assert.DoesNotContain(secret[3..], raw, StringComparison.Ordinal);
        Assert.DoesNotContain("hash", raw, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task List_RefusedChange_IsAbsent()
    {
        using var refused = await _root.PostAsync(Keys, Answers.Json("""{"name":"","scopes":[]}"""));

        Assert.Empty((await ListAsync()).Entries);
    }

    [Fact]
    public async Task List_ManyEntries_PagesWithoutGaps()
    {
        for (var i = 0; i < 5; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            using var made = await _root.PostAsync(Keys, Answers.Json($$"""{"name":"{{i}}","scopes":["llm:read"]}"""));
        }

        var (names, cursor) = (new List<string?>(), "");
        do
        {
            using var page = await _root.GetAsync($"{Path}?limit=2&cursor={cursor}");
            var body = await page.JsonAsync();
            names.AddRange(body.GetProperty("items").EnumerateArray().Select(Name));
            cursor = body.GetProperty("next").GetString();
        } while (cursor is not null);

        Assert.Equal(["4", "3", "2", "1", "0"], names);
    }

    [Theory]
    [InlineData("action=CreateKey&actor=root&address=127.0.0.1", 2)]
    [InlineData("action=RotateKey", 0)]
    [InlineData("actor=service", 0)]
    [InlineData("address=192.0.2.1", 0)]
    [InlineData("resource=keys/none", 0)]
    [InlineData("from=2026-03-01T12:00:01Z", 1)]
    [InlineData("to=2026-03-01T12:00:01Z", 1)]
    public async Task List_Filter_SelectsEntries(string filter, int count)
    {
        using var first = await _root.PostAsync(Keys, Answers.Json("""{"name":"1","scopes":["llm:read"]}"""));
        _clock.Advance(TimeSpan.FromSeconds(1));
        using var second = await _root.PostAsync(Keys, Answers.Json("""{"name":"2","scopes":["llm:read"]}"""));

        Assert.Equal(count, (await ListAsync($"?{filter}")).Entries.Count);
    }

    [Theory]
    [InlineData("actors=root", "actors", "is not a known parameter")]
    [InlineData("action=%00", "action", "must not contain U+0000")]
    [InlineData("from=soon", "from", "must be a date and time in ISO 8601")]
    [InlineData("from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", "from", "must be before to")]
    [InlineData("limit=1001", "limit", "must be 1 to 1000")]
    [InlineData("cursor=x", "cursor", "must be the 'next' of a previous page")]
    public async Task List_InvalidQuery_ReturnsFieldError(string query, string field, string rule)
    {
        using var response = await _root.GetAsync($"{Path}?{query}");

        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest);
        Assert.StartsWith(
            rule,
            problem.GetProperty("errors").GetProperty(field)[0].GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task List_KeyWithoutAdminScope_IsRefused()
    {
        using var created = await _root.PostAsync(Keys, Answers.Json("""{"name":"k","scopes":["llm:read"]}"""));
        using var reader = _service.Client((await created.JsonAsync()).GetProperty("key").GetString());

        using var refused = await reader.GetAsync(Path);

        await refused.ProblemAsync(HttpStatusCode.Forbidden);
    }

    private static string? Name(JsonElement entry) => entry.GetProperty("after").GetProperty("name").GetString();

    private async Task<(IReadOnlyList<JsonElement> Entries, string Raw)> ListAsync(string query = "")
    {
        using var response = await _root.GetAsync(Path + query);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var page = await response.JsonAsync();
        return ([.. page.GetProperty("items").EnumerateArray()], page.GetRawText());
    }
}
