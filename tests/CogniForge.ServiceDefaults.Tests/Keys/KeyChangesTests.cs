using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Keys;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.ServiceDefaults.Tests.Keys;

/// <summary>What can be done to a key that is in use.</summary>
public sealed class KeyChangesTests : IAsyncLifetime
{
    private const string Path = "/api/v1/llm/keys";
    private readonly ManualTime _clock = new();
    private TestService _service = null!;
    private HttpClient _root = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync(
            app => app.MapGet("/most", (HttpContext context) => (Caller.Of(context.User).Limits as Most)?.Requests.ToString() ?? "none").RequireScope(Scopes.Read("llm")),
            configure: b =>
            {
                b.Services.AddSingleton<TimeProvider>(_clock);
                b.Services.AddKeyLimits<Most>(m => m.Requests < 1 ? [new FieldError("requests", "must be 1 or more")] : [], """{ "requests": 5 }""");
            });
        _root = _service.Client();
    }

    public async Task DisposeAsync()
    {
        _root.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Rotate_WithoutGrace_OnlyTheNewSecretIsTakenAndTheIdStays()
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
    public async Task Rotate_WithGrace_TheOldSecretEndsWithIt()
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
    public async Task Rotate_ScopesThatTheCallerLacks_IsRefusedAndTheKeyStays()
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
    public async Task Rotate_BadGrace_NamesFieldAndRule(string body, string rule)
    {
        var (_, id) = await CreateAsync();
        using var refused = await _root.PostAsync($"{Path}/{id}/rotate", Answers.Json(body));
        Assert.Equal(rule, (await refused.ProblemAsync(HttpStatusCode.BadRequest)).GetProperty("errors").GetProperty("graceSeconds")[0].GetString());
    }

    [Fact]
    public async Task Disable_Key_IsRefusedWithinTwoSecondsUntilItIsEnabled()
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

    [Theory]
    [InlineData("rotate")]
    [InlineData("disable")]
    [InlineData("enable")]
    public async Task Change_KeyThatIsNotThereOrWasRevoked_Gets404(string change)
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
    public async Task Limits_GivenWithTheKey_AreAtHandListedAndChanged()
    {
        using var created = await _root.PostAsync(Path, Answers.Json("""{"name":"k","scopes":["llm:read"],"limits":{"requests":5}}"""));
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
    [InlineData("""{"request":5}""", "limits.request", "is not a field that there is here")]
    [InlineData("5", "limits", "must be an object")]
    public async Task Limits_Bad_NameFieldAndRuleAndNoKeyIsMade(string limits, string field, string rule)
    {
        using var response = await _root.PostAsync(Path, Answers.Json($$"""{"name":"k","scopes":["llm:read"],"limits":{{limits}}}"""));

        Assert.Equal(rule, (await response.ProblemAsync(HttpStatusCode.BadRequest)).GetProperty("errors").GetProperty(field)[0].GetString());
        Assert.Contains("\"items\":[]", await _root.GetStringAsync(Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_ServiceHasNone_AreRefused()
    {
        await using var service = await TestService.StartAsync();
        using var root = service.Client();
        using var response = await root.PostAsync(Path, Answers.Json("""{"name":"k","scopes":["llm:read"],"limits":{}}"""));
        Assert.Equal("must not be given: this service has none", (await response.ProblemAsync(HttpStatusCode.BadRequest)).GetProperty("errors").GetProperty("limits")[0].GetString());
    }

    private async Task<(string Secret, string Id)> CreateAsync(params string[] scopes)
    {
        using var response = await _root.PostAsync(Path, Answers.Json(JsonSerializer.Serialize(new { name = "k", scopes = scopes.Length > 0 ? scopes : ["llm:read"] })));
        var body = await response.JsonAsync();
        return (body.GetProperty("key").GetString()!, body.GetProperty("details").GetProperty("id").GetString()!);
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    private sealed record Most(int Requests);
}
