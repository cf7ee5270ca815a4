using System.Net;
using System.Text.Json;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.ServiceDefaults.Tests.Keys;

/// <summary>A key cannot give, by any change of a key, more than it has.</summary>
public sealed class KeyGrantTests : IAsyncLifetime
{
    private const string Path = "/api/v1/llm/keys";
    private const string Limited = """{"name":"k","scopes":["llm:admin"],"limits":{"requests":5}}""";
    private const string Expiring = """{"name":"k","scopes":["llm:admin"],"expiresAt":"2026-03-01T13:00:00Z"}""";
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private TestService _service = null!;
    private HttpClient _root = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync(configure: b =>
        {
            b.Services.AddSingleton<TimeProvider>(_clock);
            b.Services.AddKeyLimits<Quota>(_ => [], """{ "requests": 5 }""");
        });
        _root = _service.Client();
    }

    public async Task DisposeAsync()
    {
        _root.Dispose();
        await _service.DisposeAsync();
    }

    [Theory]
    [InlineData("POST", "/rotate", null)]
    [InlineData("POST", "/enable", null)]
    [InlineData("PATCH", "", """{"name":"renamed"}""")]
    [InlineData("PATCH", "", """{"expiresAt":null}""")]
    [InlineData("PUT", "/limits", """{"requests":500}""")]
    public async Task Change_CallerLacksScopes_IsRefused(string method, string path, string? body)
    {
        var (_, id) = await CreateAsync("""{"name":"k","scopes":["llm:invoke","serving:admin"]}""");
        (await _root.PostAsync($"{Path}/{id}/disable", null)).Dispose();
        var (lesser, _) = await CreateAsync("""{"name":"k","scopes":["llm:admin","llm:invoke"]}""");
        var before = await _root.GetStringAsync($"{Path}/{id}");

        using var refused = await SendAsync(lesser, method, $"/{id}{path}", body);

        var problem = await refused.ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Contains("serving:admin", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, await _root.GetStringAsync($"{Path}/{id}"));
    }

    [Theory]
    [InlineData("POST", "/disable")]
    [InlineData("DELETE", "")]
    public async Task Stop_CallerLacksScopes_IsAllowed(string method, string path)
    {
        var (_, id) = await CreateAsync("""{"name":"k","scopes":["serving:admin"]}""");
        var (lesser, _) = await CreateAsync("""{"name":"k","scopes":["llm:admin"]}""");

        using var response = await SendAsync(lesser, method, $"/{id}{path}", null);

        Assert.True(response.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("""{"requests":500}""")]
    [InlineData("{}")]
    public async Task SetLimits_OwnLimitedKey_IsRefused(string limits)
    {
        var (secret, id) = await CreateAsync(Limited);

        using var refused = await SendAsync(secret, "PUT", $"/{id}/limits", limits);

        await refused.ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Equal("""{"requests":5}""", await _root.GetStringAsync($"{Path}/{id}/limits"));
    }

    [Theory]
    [InlineData("POST", "", """{"name":"free","scopes":["llm:admin"]}""")]
    [InlineData("POST", "/{id}/rotate", null)]
    [InlineData("POST", "/{id}/enable", null)]
    [InlineData("PUT", "/{id}/limits", """{"requests":500}""")]
    public async Task Change_CallerIsLimited_GivesNoOtherKey(string method, string path, string? body)
    {
        var (_, free) = await CreateAsync("""{"name":"free","scopes":["llm:admin"]}""");
        var (secret, _) = await CreateAsync(Limited);

        using var refused = await SendAsync(secret, method, path.Replace("{id}", free, StringComparison.Ordinal), body);

        await refused.ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Rotate_OwnLimitedKey_IsAllowed()
    {
        var (secret, id) = await CreateAsync(Limited);

        using var rotated = await SendAsync(secret, "POST", $"/{id}/rotate", null);

        Assert.Equal(HttpStatusCode.OK, rotated.StatusCode);
    }

    [Fact]
    public async Task Create_CallerHasOnlyEmptyLimits_IsAllowed()
    {
        var (secret, _) = await CreateAsync("""{"name":"k","scopes":["llm:admin"],"limits":{}}""");

        using var created = await SendAsync(secret, "POST", "", """{"name":"free","scopes":["llm:admin"]}""");

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
    }

    [Theory]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("\"2026-03-01T13:00:01Z\"", HttpStatusCode.Forbidden)]
    [InlineData("\"2026-03-01T12:30:00Z\"", HttpStatusCode.OK)]
    public async Task Change_OwnExpiry_CannotBeProlonged(string expiresAt, HttpStatusCode status)
    {
        var (secret, id) = await CreateAsync(Expiring);

        using var response = await SendAsync(secret, "PATCH", $"/{id}", $$"""{"expiresAt":{{expiresAt}}}""");

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("\"2026-03-01T13:00:01Z\"", HttpStatusCode.Forbidden)]
    [InlineData("\"2026-03-01T13:00:00Z\"", HttpStatusCode.Created)]
    public async Task Create_ByExpiringKey_CannotOutliveIt(string expiresAt, HttpStatusCode status)
    {
        var (secret, _) = await CreateAsync(Expiring);

        using var response = await SendAsync(
            secret,
            "POST",
            "",
            $$"""{"name":"child","scopes":["llm:admin"],"expiresAt":{{expiresAt}}}"""
        );

        Assert.Equal(status, response.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(string key, string method, string path, string? body)
    {
        using var client = _service.Client(key);
        using var request = new HttpRequestMessage(new(method), Path + path)
        {
            Content = body is null ? null : Answers.Json(body),
        };
        return await client.SendAsync(request);
    }

    private async Task<(string Secret, string Id)> CreateAsync(string body)
    {
        using var response = await _root.PostAsync(Path, Answers.Json(body));
        var created = await response.JsonAsync();
        return (created.GetProperty("key").GetString()!, created.GetProperty("details").GetProperty("id").GetString()!);
    }

    private sealed record Quota(
        [property: System.Text.Json.Serialization.JsonIgnore(
            Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull
        )]
            int? Requests
    );
}
