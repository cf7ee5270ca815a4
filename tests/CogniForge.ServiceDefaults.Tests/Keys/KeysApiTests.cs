using System.Net;
using System.Text.Json;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.ServiceDefaults.Tests.Keys;

public sealed class KeysApiTests : IAsyncLifetime
{
    private const string Path = "/api/v1/llm/keys";
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private TestService _service = null!;

    public async Task InitializeAsync() =>
        _service = await TestService.StartAsync(
            app =>
            {
                app.MapGet("/read", () => "").RequireScope(Scopes.Read("llm"));
                app.MapGet("/both", () => "").RequireScope(Scopes.Read("llm")).RequireScope(Scopes.Write("llm"));
                app.MapGet("/unscoped", () => "");
            },
            configure: b => b.Services.AddSingleton<TimeProvider>(_clock)
        );

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Create_Key_ReturnsWorkingSecretOnce()
    {
        using var root = _service.Client();
        using var created = await root.PostAsync(
            Path,
            Answers.Json("""{"name":" CI ","scopes":["llm:read","llm:read"],"expiresAt":"2026-04-01T00:00:00+02:00"}""")
        );

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("no-store", created.Headers.CacheControl?.ToString());
        var body = await created.JsonAsync();
        var secret = body.GetProperty("key").GetString()!;
        Assert.Matches("^cf_[A-Za-z0-9_-]{43}$", secret);
        var details = body.GetProperty("details");
        Assert.Equal("CI", details.GetProperty("name").GetString());
        Assert.Equal(["llm:read"], Texts(details.GetProperty("scopes")));
        Assert.Equal("2026-03-31T22:00:00+00:00", details.GetProperty("expiresAt").GetString());
        using var client = _service.Client(secret);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/read")).StatusCode);

        using var list = await root.GetAsync(Path);
        var text = await list.Content.ReadAsStringAsync();
        Assert.Contains("\"CI\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[3..], text, StringComparison.Ordinal);
        Assert.DoesNotContain("hash", text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("""{"scopes":["llm:read"]}""", "name", "must have 1 to 200 characters, none of them U+0000")]
    [InlineData(
        """{"name":"  ","scopes":["llm:read"]}""",
        "name",
        "must have 1 to 200 characters, none of them U+0000"
    )]
    [InlineData(
        """{"name":"a\u0000b","scopes":["llm:read"]}""",
        "name",
        "must have 1 to 200 characters, none of them U+0000"
    )]
    [InlineData("""{"name":"a"}""", "scopes", "must name at least one scope")]
    [InlineData("""{"name":"a","scopes":[]}""", "scopes", "must name at least one scope")]
    [InlineData("""{"name":"a","scopes":["llm:read","all"]}""", "scopes[1]", "must be one of llm:read, ")]
    [InlineData("""{"name":"a","scopes":[null]}""", "scopes[0]", "must be one of llm:read, ")]
    [InlineData(
        """{"name":"a","scopes":["llm:read"],"expiresAt":"2026-03-01T12:00:00Z"}""",
        "expiresAt",
        "must be in the future"
    )]
    public async Task Create_InvalidRequest_ReturnsFieldError(string body, string field, string rule)
    {
        using var root = _service.Client();

        using var response = await root.PostAsync(Path, Answers.Json(body));

        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest);
        Assert.StartsWith(
            rule,
            problem.GetProperty("errors").GetProperty(field)[0].GetString(),
            StringComparison.Ordinal
        );
        Assert.Empty((await ListAsync(root)).Items);
    }

    [Fact]
    public async Task Create_NameOf200Characters_IsTheMaximum()
    {
        using var root = _service.Client();

        await CreateAsync(root, new string('n', 200), "llm:read");
        using var tooLong = await root.PostAsync(
            Path,
            Answers.Json($$"""{"name":"{{new string('n', 201)}}","scopes":["llm:read"]}""")
        );

        await tooLong.ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Create_CallerLacksScopes_IsRefused()
    {
        using var root = _service.Client();
        using var admin = _service.Client((await CreateAsync(root, "admin", "llm:admin", "llm:read")).Secret);

        using var response = await admin.PostAsync(
            Path,
            Answers.Json("""{"name":"more","scopes":["llm:read","llm:write","serving:admin"]}""")
        );

        var problem = await response.ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Contains(
            "llm:write, serving:admin",
            problem.GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );
        Assert.Single((await ListAsync(root)).Items);
    }

    [Fact]
    public async Task Revoke_Key_IsRefusedAndStaysListed()
    {
        using var root = _service.Client();
        var (secret, id) = await CreateAsync(root, "gone", "llm:read");
        using var client = _service.Client(secret);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/read")).StatusCode);

        using (var revoked = await root.DeleteAsync($"{Path}/{id}"))
        {
            Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        }

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/read")).StatusCode);
        var listed = Assert.Single((await ListAsync(root)).Items);
        var at = listed.GetProperty("revokedAt").GetString();
        Assert.Equal("2026-03-01T12:00:00+00:00", at);

        _clock.Advance(TimeSpan.FromHours(1));
        using var again = await root.DeleteAsync($"{Path}/{id}");
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        Assert.Equal(at, Assert.Single((await ListAsync(root)).Items).GetProperty("revokedAt").GetString());
    }

    [Theory]
    [InlineData("", """{"name":"a","scopes":["llm:read"],"expires":"2099-01-01T00:00:00Z"}""", "expires")]
    [InlineData("", """{"name":"a","scopes":["llm:read"],"limit":{}}""", "limit")]
    [InlineData("/01a1fd55-fb34-7c75-ad65-0084cbb1d99c/rotate", """{"grace":60}""", "grace")]
    public async Task Post_UnknownField_NamesIt(string path, string body, string field)
    {
        using var root = _service.Client();
        using var response = await root.PostAsync($"{Path}{path}", Answers.Json(body));

        await response.InvalidAsync(field, "is not a known field");
    }

    [Fact]
    public async Task Revoke_UnknownKey_Returns404()
    {
        using var root = _service.Client();

        using var response = await root.DeleteAsync($"{Path}/{Guid.CreateVersion7()}");

        await response.ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task List_ManyKeys_PagesInOrderOfCreation()
    {
        using var root = _service.Client();
        for (var i = 0; i < 5; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await CreateAsync(root, $"key {i}", "llm:read");
        }

        var (names, cursor, pages) = (new List<string>(), "", 0);
        do
        {
            var (items, next) = await ListAsync(root, $"?limit=2&cursor={cursor}");
            names.AddRange(items.Select(i => i.GetProperty("name").GetString()!));
            (cursor, pages) = (next, pages + 1);
        } while (cursor is not null);

        Assert.Equal(["key 0", "key 1", "key 2", "key 3", "key 4"], names);
        Assert.Equal(3, pages);
    }

    [Theory]
    [InlineData("/read")]
    [InlineData("/unscoped")]
    [InlineData("/nowhere")]
    [InlineData(Path)]
    [InlineData("/api/v1/whoami")]
    [InlineData("/metrics")]
    [InlineData("/health/details")]
    public async Task Get_WithoutKey_Returns401(string path)
    {
        using var client = _service.Client(null);

        using var response = await client.GetAsync(path);

        await response.ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("/both", "llm:write")]
    [InlineData(Path, "llm:admin")]
    [InlineData("/metrics", "metrics:read")]
    [InlineData("/health/details", "llm:admin")]
    public async Task Get_KeyLacksScope_Returns403NamingIt(string path, string scope)
    {
        using var root = _service.Client();
        using var client = _service.Client((await CreateAsync(root, "reader", "llm:read")).Secret);

        using var response = await client.GetAsync(path);

        var problem = await response.ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Contains(scope, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Proxies log the user name of Basic, so only the ingestion of events accepts a key there.</summary>
    [Theory]
    [InlineData("x-api-key", TestService.RootKey, HttpStatusCode.OK)]
    [InlineData("Authorization", "Basic Y2ZfdGhlLXJvb3Qta2V5Og==", HttpStatusCode.Unauthorized)]
    public async Task Get_KeyInOtherHeaders_OnlyBasicIsRefused(string header, string value, HttpStatusCode status)
    {
        using var client = _service.Client(null);
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);

        Assert.Equal(status, (await client.GetAsync("/both")).StatusCode);
    }

    [Fact]
    public async Task WhoAmI_StoredKey_ReturnsNameScopesAndExpiry()
    {
        using var root = _service.Client();
        using var created = await root.PostAsync(
            Path,
            Answers.Json("""{"name":"me","scopes":["llm:read","metrics:read"],"expiresAt":"2026-04-01T00:00:00Z"}""")
        );
        using var client = _service.Client((await created.JsonAsync()).GetProperty("key").GetString());

        var me = await (await client.GetAsync("/api/v1/whoami")).JsonAsync();

        Assert.Equal("me", me.GetProperty("name").GetString());
        Assert.Equal(["llm:read", "metrics:read"], Texts(me.GetProperty("scopes")));
        Assert.Equal("2026-04-01T00:00:00+00:00", me.GetProperty("expiresAt").GetString());
    }

    private static async Task<(string Secret, string Id)> CreateAsync(
        HttpClient client,
        string name,
        params string[] scopes
    )
    {
        using var response = await client.PostAsync(Path, Answers.Json(JsonSerializer.Serialize(new { name, scopes })));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var body = await response.JsonAsync();
        return (body.GetProperty("key").GetString()!, body.GetProperty("details").GetProperty("id").GetString()!);
    }

    private static async Task<(IReadOnlyList<JsonElement> Items, string? Next)> ListAsync(
        HttpClient client,
        string query = ""
    )
    {
        using var response = await client.GetAsync(Path + query);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var page = await response.JsonAsync();
        return ([.. page.GetProperty("items").EnumerateArray()], page.GetProperty("next").GetString());
    }

    private static IEnumerable<string> Texts(JsonElement array) => array.EnumerateArray().Select(e => e.GetString()!);
}
