using System.Net;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CogniForge.ServiceDefaults.Tests.Hosting;

/// <summary>
/// Pages of other origins in browsers: tbphp/gpt-load#566, decolua/9router#1381 (Claude for Office, Open WebUI).
/// </summary>
public sealed class CorsTests
{
    private const string App = "https://app.example.com";
    private const string OneOrigin = "CogniForge:Cors:AllowedOrigins:0";

    // What the browser builds of OpenAI's and Anthropic's SDKs announce.
    private const string SdkHeaders =
        "authorization,content-type,x-api-key,anthropic-version,anthropic-dangerous-direct-browser-access,"
        + "x-stainless-arch,x-stainless-lang,x-stainless-os,x-stainless-package-version,x-stainless-retry-count,"
        + "x-stainless-runtime,x-stainless-runtime-version,x-stainless-timeout";

    [Theory]
    [InlineData(App, App)]
    [InlineData("https://*.example.com", App)]
    [InlineData("http://localhost:3000", "http://localhost:3000")]
    [InlineData("*", "https://anything.example")]
    public async Task Preflight_AllowedOrigin_GetsPermission(string allowed, string origin)
    {
        await using var service = await StartAsync((OneOrigin, allowed));

        using var response = await PreflightAsync(service, "/v1/chat/completions", origin);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(allowed == "*" ? "*" : origin, Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("POST", Header(response, "Access-Control-Allow-Methods"));
        Assert.Equal(
            SdkHeaders.Split(',').Order(),
            Header(response, "Access-Control-Allow-Headers")!.Split(',').Order()
        );
        Assert.Null(Header(response, "Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData(App, "https://evil.example")]
    [InlineData(App, "http://app.example.com")]
    [InlineData("https://*.example.com", "https://example.com.evil.example")]
    [InlineData(App, "null")]
    public async Task Preflight_OtherOrigin_GetsNoPermission(string allowed, string origin)
    {
        await using var service = await StartAsync((OneOrigin, allowed));

        using var response = await PreflightAsync(service, "/v1/chat/completions", origin);

        Assert.Null(Header(response, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Preflight_NoSetting_IsRefusedAsBefore()
    {
        await using var service = await StartAsync();

        using var response = await PreflightAsync(service, "/api/v1/whoami", App);

        Assert.False(response.IsSuccessStatusCode);
        Assert.Null(Header(response, "Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("/api/v1/whoami", TestService.RootKey, HttpStatusCode.OK)]
    [InlineData("/api/v1/whoami", "cf_wrong", HttpStatusCode.Unauthorized)]
    [InlineData("/api/v1/llm/keys/missing", TestService.RootKey, HttpStatusCode.NotFound)]
    [InlineData("/fails", TestService.RootKey, HttpStatusCode.InternalServerError)]
    public async Task Get_AllowedOrigin_ShowsResponseAndErrors(string path, string key, HttpStatusCode status)
    {
        await using var service = await StartAsync((OneOrigin, App));
        using var client = service.Client(key);
        client.DefaultRequestHeaders.Add("Origin", App);

        using var response = await client.GetAsync(path);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(App, Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("*", Header(response, "Access-Control-Expose-Headers"));
    }

    [Fact]
    public async Task Get_AllowedOriginWithoutKey_StaysUnauthorizedInDevelopment()
    {
        await using var service = await StartAsync("Development", (OneOrigin, "*"));
        using var client = service.Client(null);
        client.DefaultRequestHeaders.Add("Origin", App);

        using var response = await client.GetAsync("/api/v1/whoami");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Start_AnyOrigin_LogsWarning()
    {
        await using var service = await StartAsync((OneOrigin, "*"));

        Assert.Contains(service.Logs.At(LogLevel.Warning), m => m.Contains("AllowedOrigins is *"));
    }

    [Theory]
    [InlineData("https://app.example.com/")]
    [InlineData("https://app.example.com/path")]
    [InlineData("app.example.com")]
    [InlineData("ftp://app.example.com")]
    [InlineData("null")]
    public async Task Start_OriginInvalid_FailsNamingIt(string origin)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync((OneOrigin, origin)));

        Assert.Contains($"'{origin}' is not one", error.Message, StringComparison.Ordinal);
    }

    private static Task<TestService> StartAsync(params (string, string)[] settings) =>
        StartAsync("Production", settings);

    private static Task<TestService> StartAsync(string environment, params (string, string)[] settings) =>
        TestService.StartAsync(
            map: app =>
            {
                app.MapPost("/v1/chat/completions", () => "ok");
                app.MapGet("/fails", IResult () => throw new NotSupportedException());
            },
            environment: environment,
            settings: settings
        );

    private static async Task<HttpResponseMessage> PreflightAsync(TestService service, string path, string origin)
    {
        using var client = service.Client(null);
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", SdkHeaders);
        return await client.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
