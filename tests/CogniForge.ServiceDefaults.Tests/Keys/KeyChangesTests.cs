using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.ServiceDefaults.Tests.Keys;

/// <summary>Changes of API keys.</summary>
public sealed class KeyChangesTests : IAsyncLifetime
{
    private const string Path = "/api/v1/llm/keys";
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private TestService _service = null!;
    private HttpClient _root = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync(
            app =>
                app.MapGet(
                        "/most",
                        (HttpContext context) =>
                            (Caller.From(context.User).Limits as Most)?.Requests.ToString() ?? "none"
                    )
                    .RequireScope(Scopes.Read("llm")),
            configure: b =>
            {
                b.Services.AddSingleton<TimeProvider>(_clock);
                b.Services.AddKeyLimits<Most>(
                    m => m.Requests < 1 ? [new FieldError("requests", "must be 1 or more")] : [],
                    """{ "requests": 5 }"""
                );
            }
        );
        _root = _service.Client();
    }

    public async Task DisposeAsync()
    {
        _root.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Rotate_WithoutGrace_AcceptsOnlyNewSecret()
    {
        var (old, id) = await CreateAsync();
        using var before = _service.Client(old);
        Assert.Equal(HttpStatusCode.OK, (await before.GetAsync("/most")).StatusCode);

        using var rotated = await _root.PostAsync($"{Path}/{id}/rotate", null);

        Assert.Equal(HttpStatusCode.OK, rotated.StatusCode);
        Assert.Equal("no-store", rotated.Headers.CacheControl?.ToString());
        var body = await rotated.JsonAsync();
        Assert.Equal(id, body.GetProperty("details").GetProperty("id").GetString());
        using var after = _service.Client(body.GetProperty("key").GetString());
        Assert.Equal(HttpStatusCode.OK, (await after.GetAsync("/most")).StatusCode);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.Unauthorized, (await before.GetAsync("/most")).StatusCode);
    }

    [Fact]
    public async Task Rotate_WithGrace_AcceptsOldSecretUntilItsEnd()
    {
        var (old, id) = await CreateAsync();
        using var rotated = await _root.PostAsync($"{Path}/{id}/rotate", Answers.Json("""{"graceSeconds":60}"""));
        Assert.Equal(HttpStatusCode.OK, rotated.StatusCode);
        using var before = _service.Client(old);

        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(HttpStatusCode.OK, (await before.GetAsync("/most")).StatusCode);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await before.GetAsync("/most")).StatusCode);
        using var after = _service.Client((await rotated.JsonAsync()).GetProperty("key").GetString());
        Assert.Equal(HttpStatusCode.OK, (await after.GetAsync("/most")).StatusCode);
    }

    [Fact]
    public async Task Rotate_CallerLacksScopes_IsRefused()
    {
        var (secret, id) = await CreateAsync("llm:read", "serving:admin");
        var (lesser, _) = await CreateAsync("llm:admin", "llm:read");
        using var admin = _service.Client(lesser);

        using var refused = await admin.PostAsync($"{Path}/{id}/rotate", null);

        var problem = await refused.ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Contains("serving:admin", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var client = _service.Client(secret);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/most")).StatusCode);
    }

    [Theory]
    [InlineData("""{"graceSeconds":-1}""", "must be 0 to 604800")]
    [InlineData("""{"graceSeconds":604801}""", "must be 0 to 604800")]
    [InlineData("""{"graceSeconds":"1"}""", "must be a whole number in range")]
    public async Task Rotate_InvalidGrace_ReturnsFieldError(string body, string rule)
    {
        var (_, id) = await CreateAsync();
        using var refused = await _root.PostAsync($"{Path}/{id}/rotate", Answers.Json(body));
        Assert.Equal(
            rule,
            (await refused.ProblemAsync(HttpStatusCode.BadRequest))
                .GetProperty("errors")
                .GetProperty("graceSeconds")[0]
                .GetString()
        );
    }

    [Fact]
    public async Task Disable_Key_IsRefusedUntilEnabled()
    {
        var (secret, id) = await CreateAsync();
        using var client = _service.Client(secret);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/most")).StatusCode);

        using var disabled = await _root.PostAsync($"{Path}/{id}/disable", null);
        Assert.Equal("2026-03-01T12:00:00+00:00", (await disabled.JsonAsync()).GetProperty("disabledAt").GetString());
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/most")).StatusCode);

        using var enabled = await _root.PostAsync($"{Path}/{id}/enable", null);
        Assert.Equal(JsonValueKind.Null, (await enabled.JsonAsync()).GetProperty("disabledAt").ValueKind);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/most")).StatusCode);
    }

    [Fact]
    public async Task Change_Name_AppliesWithinTwoSecondsAndKeepsExpiry()
    {
        var (secret, id) = await CreateAsync();
        using var client = _service.Client(secret);
        Assert.Equal("k", await NameAsync(client));
        using var ends = await PatchAsync(id, """{"expiresAt":"2026-03-01T13:00:00+01:00"}""");
        await ends.ProblemAsync(HttpStatusCode.BadRequest); // that is now
        using var later = await PatchAsync(id, """{"expiresAt":"2026-03-01T14:00:00+01:00"}""");
        Assert.Equal("2026-03-01T13:00:00+00:00", (await later.JsonAsync()).GetProperty("expiresAt").GetString());

        using var renamed = await PatchAsync(id, """{"name":" new name "}""");

        var key = await renamed.JsonAsync();
        Assert.Equal(
            ("new name", "2026-03-01T13:00:00+00:00"),
            (key.GetProperty("name").GetString(), key.GetProperty("expiresAt").GetString())
        );
        Assert.Equal(key.GetRawText(), await _root.GetStringAsync($"{Path}/{id}"));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("new name", await NameAsync(client));
    }

    [Fact]
    public async Task Change_Expiry_EndsKeyAndLaterOneReactivatesIt()
    {
        var (secret, id) = await CreateAsync();
        using var client = _service.Client(secret);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/most")).StatusCode);
        using var sooner = await PatchAsync(id, """{"expiresAt":"2026-03-01T12:00:10Z"}""");
        Assert.Equal(HttpStatusCode.OK, sooner.StatusCode);

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/most")).StatusCode);
        _clock.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/most")).StatusCode);

        using var never = await PatchAsync(id, """{"expiresAt":null}""");
        var key = await never.JsonAsync();
        Assert.Equal(
            (JsonValueKind.Null, "k"),
            (key.GetProperty("expiresAt").ValueKind, key.GetProperty("name").GetString())
        );
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/most")).StatusCode);
        _clock.Advance(TimeSpan.FromDays(1_000));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/most")).StatusCode);
    }

    [Fact]
    public async Task Change_Expiry_KeepsGraceOfRotatedSecret()
    {
        var (old, id) = await CreateAsync();
        using var rotated = await _root.PostAsync($"{Path}/{id}/rotate", Answers.Json("""{"graceSeconds":60}"""));
        using var later = await PatchAsync(id, """{"expiresAt":"2026-04-01T00:00:00Z"}""");
        using var before = _service.Client(old);
        Assert.Equal(HttpStatusCode.OK, (await before.GetAsync("/most")).StatusCode);
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.Unauthorized, (await before.GetAsync("/most")).StatusCode);
    }

    [Fact]
    public async Task Change_CallerLacksScopes_IsRefused()
    {
        using var created = await _root.PostAsync(
            Path,
            Answers.Json("""{"name":"k","scopes":["llm:read","serving:admin"],"expiresAt":"2026-03-01T12:00:10Z"}""")
        );
        var body = await created.JsonAsync();
        var id = body.GetProperty("details").GetProperty("id").GetString()!;
        var (lesser, _) = await CreateAsync("llm:admin", "llm:read");
        using var admin = _service.Client(lesser);
        _clock.Advance(TimeSpan.FromSeconds(10));

        foreach (
            var change in new[]
            {
                """{"expiresAt":null}""",
                """{"name":"new","expiresAt":"2026-03-02T00:00:00Z"}""",
                """{"name":"renamed"}""",
            }
        )
        {
            using var refused = await PatchAsync(id, change, admin);
            Assert.Contains(
                "serving:admin",
                (await refused.ProblemAsync(HttpStatusCode.Forbidden)).GetProperty("detail").GetString(),
                StringComparison.Ordinal
            );
        }

        using var unchanged = await _root.GetAsync($"{Path}/{id}");
        var key = await unchanged.JsonAsync();
        Assert.Equal(
            ("k", "2026-03-01T12:00:10+00:00"),
            (key.GetProperty("name").GetString(), key.GetProperty("expiresAt").GetString())
        );
        using var client = _service.Client(body.GetProperty("key").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/most")).StatusCode);
    }

    [Theory]
    [InlineData("""{"name":""}""", "name", "must have 1 to 200 characters, none of them U+0000")]
    [InlineData("""{"name":null}""", "name", "must have 1 to 200 characters, none of them U+0000")]
    [InlineData("""{"name":"a\u0000b"}""", "name", "must have 1 to 200 characters, none of them U+0000")]
    [InlineData("""{"expiresAt":"2026-03-01T12:00:00Z"}""", "expiresAt", "must be in the future")]
    [InlineData("""{"expiresAt":"soon"}""", "expiresAt", "must be a date and time in ISO 8601")]
    [InlineData("""{"scopes":["llm:admin"]}""", "scopes", "is not a known field")]
    public async Task Change_Invalid_ReturnsFieldErrorAndKeepsKey(string body, string field, string rule)
    {
        var (_, id) = await CreateAsync();
        using var refused = await PatchAsync(id, body);
        Assert.Equal(
            rule,
            (await refused.ProblemAsync(HttpStatusCode.BadRequest))
                .GetProperty("errors")
                .GetProperty(field)[0]
                .GetString()
        );
        Assert.Contains("\"name\":\"k\"", await _root.GetStringAsync($"{Path}/{id}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"new"}""")]
    [InlineData("""{"expiresAt":null}""")]
    [InlineData("{}")]
    public async Task Change_UnknownOrRevokedKey_Returns404(string change)
    {
        var (_, id) = await CreateAsync();
        using var revoked = await _root.DeleteAsync($"{Path}/{id}");
        foreach (var gone in new[] { id, Guid.CreateVersion7().ToString() })
        {
            using var response = await PatchAsync(gone, change);
            await response.ProblemAsync(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task Get_RevokedKey_IsFound()
    {
        var (_, id) = await CreateAsync();
        using var revoked = await _root.DeleteAsync($"{Path}/{id}");
        using var key = await _root.GetAsync($"{Path}/{id}");
        Assert.Equal(
            (id, "2026-03-01T12:00:00+00:00"),
            await key.JsonAsync() is var k
                ? (k.GetProperty("id").GetString(), k.GetProperty("revokedAt").GetString())
                : default
        );
        using var none = await _root.GetAsync($"{Path}/{Guid.CreateVersion7()}");
        await none.ProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("rotate")]
    [InlineData("disable")]
    [InlineData("enable")]
    public async Task ChangeState_UnknownOrRevokedKey_Returns404(string change)
    {
        var (_, id) = await CreateAsync();
        using var revoked = await _root.DeleteAsync($"{Path}/{id}");

        foreach (var gone in new[] { id, Guid.CreateVersion7().ToString() })
        {
            using var response = await _root.PostAsync($"{Path}/{gone}/{change}", null);
            await response.ProblemAsync(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task Limits_SetAtCreation_AreAvailableListedAndChangeable()
    {
        using var created = await _root.PostAsync(
            Path,
            Answers.Json("""{"name":"k","scopes":["llm:read"],"limits":{"requests":5}}""")
        );
        var body = await created.JsonAsync();
        var id = body.GetProperty("details").GetProperty("id").GetString();
        Assert.Equal(5, body.GetProperty("details").GetProperty("limits").GetProperty("requests").GetInt32());
        using var client = _service.Client(body.GetProperty("key").GetString());
        Assert.Equal("5", await client.GetStringAsync("/most"));

        using var changed = await _root.PutAsync($"{Path}/{id}/limits", Answers.Json("""{"requests":7}"""));

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("7", await client.GetStringAsync("/most"));
        Assert.Equal("""{"requests":7}""", await _root.GetStringAsync($"{Path}/{id}/limits"));
        Assert.Contains("\"limits\":{\"requests\":7}", await _root.GetStringAsync(Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"requests":0}""", "limits.requests", "must be 1 or more")]
    [InlineData("""{"requests":"5"}""", "limits.requests", "must be a whole number in range")]
    [InlineData("""{"request":5}""", "limits.request", "is not a known field")]
    [InlineData("5", "limits", "must be an object")]
    public async Task Limits_Invalid_ReturnsFieldErrorAndCreatesNoKey(string limits, string field, string rule)
    {
        using var response = await _root.PostAsync(
            Path,
            Answers.Json($$"""{"name":"k","scopes":["llm:read"],"limits":{{limits}}}""")
        );

        Assert.Equal(
            rule,
            (await response.ProblemAsync(HttpStatusCode.BadRequest))
                .GetProperty("errors")
                .GetProperty(field)[0]
                .GetString()
        );
        Assert.Contains("\"items\":[]", await _root.GetStringAsync(Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_ServiceWithoutLimits_AreRefused()
    {
        await using var service = await TestService.StartAsync();
        using var root = service.Client();
        using var response = await root.PostAsync(
            Path,
            Answers.Json("""{"name":"k","scopes":["llm:read"],"limits":{}}""")
        );
        Assert.Equal(
            "must not be set: this service has no limits",
            (await response.ProblemAsync(HttpStatusCode.BadRequest))
                .GetProperty("errors")
                .GetProperty("limits")[0]
                .GetString()
        );
    }

    private async Task<(string Secret, string Id)> CreateAsync(params string[] scopes)
    {
        using var response = await _root.PostAsync(
            Path,
            Answers.Json(
                JsonSerializer.Serialize(new { name = "k", scopes = scopes.Length > 0 ? scopes : ["llm:read"] })
            )
        );
        var body = await response.JsonAsync();
        return (body.GetProperty("key").GetString()!, body.GetProperty("details").GetProperty("id").GetString()!);
    }

    private Task<HttpResponseMessage> PatchAsync(string id, string body, HttpClient? admin = null) =>
        (admin ?? _root).PatchAsync($"{Path}/{id}", Answers.Json(body));

    private static async Task<string?> NameAsync(HttpClient client) =>
        (await (await client.GetAsync("/api/v1/whoami")).JsonAsync()).GetProperty("name").GetString();

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    private sealed record Most(int Requests);
}
