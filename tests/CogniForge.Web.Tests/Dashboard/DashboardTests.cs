using System.Text.Json;
using CogniForge.Web.Tests.Fakes;

namespace CogniForge.Web.Tests.Dashboard;

public sealed class DashboardTests : IAsyncLifetime
{
    private const string Path = "/api/v1/metrics/dashboard";
    private const string LlmOk = """{"status":"ok","detail":null,"numbers":{"completions":1234}}""";
    private const string ServingOk = """{"status":"ok","detail":null,"numbers":{"models":2,"inferences":3}}""";
    private const string AnalyticsOk =
        """{"status":"ok","detail":null,"numbers":{"events":4,"completions":5,"inferences":6,"promotions":7,"""
        + "\"drifts\":8}}";
    private const string Unavailable =
        """{"status":"unavailable","detail":"The service does not respond.","numbers":null}""";
    private const string Forbidden =
        """{"status":"forbidden","detail":"Your key has no access to this service.","numbers":null}""";

    private FakeServices _services = null!;

    public async Task InitializeAsync() => _services = await FakeServices.StartAsync();

    public async Task DisposeAsync() => await _services.DisposeAsync();

    [Fact]
    public async Task Get_AllUp_ReturnsEveryNumber()
    {
        var time = new FakeTimeProvider(TestTime.Start);
        await using var web = WebService.Create(_services, time);
        using var response = await web.Client.GetAsync(Path);
        var view = await response.ReadAsync(200);

        Assert.Equal(["generatedAt", "llm", "serving", "analytics"], view.EnumerateObject().Select(m => m.Name));
        Assert.Equal(time.GetUtcNow(), view.GetProperty("generatedAt").GetDateTimeOffset());
        AssertParts(view, LlmOk, ServingOk, AnalyticsOk);
    }

    [Fact]
    public async Task Get_OneDown_ReturnsOthers()
    {
        await using var web = new WebService(_services.Address, WebService.Unreachable, _services.Address);
        using var response = await web.Client.GetAsync(Path);
        AssertParts(await response.ReadAsync(200), LlmOk, Unavailable, AnalyticsOk);
    }

    [Fact]
    public async Task Get_AllDown_ReturnsUnavailableParts()
    {
        await using var web = new WebService(WebService.Unreachable, WebService.Unreachable, WebService.Unreachable);
        using var response = await web.Client.GetAsync(Path);
        AssertParts(await response.ReadAsync(200), Unavailable, Unavailable, Unavailable);
    }

    [Fact]
    public async Task Get_OneFailsRepeatedly_IsUnavailable()
    {
        // The client retries in real time, so either its attempts or the dashboard's timeout may run out first.
        _services.Set(FakeServices.Llm, "{}", status: 500);
        await using var web = new WebService(_services.Address, _services.Address, _services.Address);
        using var response = await web.Client.GetAsync(Path);
        Assert.Equal(
            "unavailable",
            (await response.ReadAsync(200)).GetProperty("llm").GetProperty("status").GetString()
        );
        Assert.True(_services.Count(FakeServices.Llm) > 1);
    }

    [Fact]
    public async Task Get_OneHangs_TimesOutAfterThreeSeconds()
    {
        _services.Hang(FakeServices.Activity);
        var time = new FakeTimeProvider(TestTime.Start);
        await using var web = WebService.Create(_services, time);
        var getting = web.Client.GetAsync(Path);
        await Until.EqualAsync(1, () => Task.FromResult(_services.Count(FakeServices.Activity)));

        time.Advance(TimeSpan.FromSeconds(3));
        using var response = await getting;
        Assert.Equal(Unavailable, Part(await response.ReadAsync(200), "analytics"));
    }

    [Theory]
    [InlineData(404, "The service responded with 404.")]
    [InlineData(200, "The service's response cannot be read.")]
    public async Task Get_OneFails_ReturnsReason(int status, string detail)
    {
        _services.Set(FakeServices.Llm, "<html>", status);
        await using var web = WebService.Create(_services);
        using var response = await web.Client.GetAsync(Path);
        AssertParts(
            await response.ReadAsync(200),
            JsonSerializer.Serialize(
                new
                {
                    status = "unavailable",
                    detail,
                    numbers = (object?)null,
                },
                Readable
            ),
            ServingOk,
            AnalyticsOk
        );
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Get_KeyForbiddenAtOneService_ReturnsForbiddenPart(int status)
    {
        _services.Set(FakeServices.Inferences, "{}", status);
        await using var web = WebService.Create(_services);
        using var response = await web.Client.GetAsync(Path);
        AssertParts(await response.ReadAsync(200), LlmOk, Forbidden, AnalyticsOk);
    }

    [Fact]
    public async Task Get_WithKey_ForwardsOnlyThatKey()
    {
        await using var web = WebService.Create(_services);
        var key = await web.CreateKeyAsync("web", "metrics:read");
        using var client = web.NewClient(key);
        client.DefaultRequestHeaders.Add("Cookie", "a=b");
        using var response = await client.GetAsync(Path);
        await response.ReadAsync(200);
        Assert.Equal(4, _services.Requests.Count);
        Assert.All(_services.Requests, r => Assert.Equal($"Bearer {key}", r.Authorization));
    }

    [Fact]
    public async Task Get_Keyless_ForwardsDevelopmentKey()
    {
        await using var web = WebService.Create(_services);
        using var response = await web.Client.GetAsync(Path);
        await response.ReadAsync(200);
        Assert.All(_services.Requests, r => Assert.Equal("Bearer cf_dev", r.Authorization));
    }

    [Theory]
    [InlineData(Path)]
    [InlineData(Path + "/changes")]
    [InlineData("/")]
    public async Task Get_KeyLacksScope_ReturnsForbiddenWithoutCalls(string path)
    {
        await using var web = WebService.Create(_services);
        using var client = web.NewClient(await web.CreateKeyAsync("web", "web:read"));
        using var response = await client.GetAsync(path);
        Assert.Contains("metrics:read", (await Problem.ReadAsync(response, 403)).Detail, StringComparison.Ordinal);
        Assert.Empty(_services.Requests);
    }

    [Theory]
    [InlineData(Path)]
    [InlineData("/")]
    public async Task Get_UnknownKey_ReturnsUnauthorized(string path)
    {
        await using var web = WebService.Create(_services);
        using var client = web.NewClient("cf_unknown");
        using var response = await client.GetAsync(path);
        await Problem.ReadAsync(response, 401);
    }

    private static JsonSerializerOptions Readable { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static void AssertParts(JsonElement view, string llm, string serving, string analytics) =>
        Assert.Equal([llm, serving, analytics], [Part(view, "llm"), Part(view, "serving"), Part(view, "analytics")]);

    private static string Part(JsonElement view, string name) =>
        JsonSerializer.Serialize(view.GetProperty(name), Readable);
}
