using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.ServiceDefaults.Tests.Http;

public sealed class ServiceClientTests : IAsyncLifetime
{
    private TestService _callee = null!;
    private int _calls;
    private string? _forwarded;

    public async Task InitializeAsync() =>
        _callee = await TestService.StartAsync(
            app =>
            {
                app.MapMethods(
                        "/flaky",
                        ["GET", "POST"],
                        (HttpContext context) =>
                        {
                            _forwarded = string.Join(", ", context.Request.Headers.Keys);
                            return TypedResults.StatusCode(Interlocked.Increment(ref _calls) == 1 ? 503 : 200);
                        }
                    )
                    .RequireScope(Scopes.Read("llm"));
            },
            "Development"
        );

    public async Task DisposeAsync() => await _callee.DisposeAsync();

    [Theory]
    [InlineData("Authorization", "Bearer " + TestService.ServiceKey, "service")]
    [InlineData("x-api-key", TestService.RootKey, "root")]
    [InlineData("X-Nothing", "", "development")]
    public async Task Get_DuringRequest_ForwardsCallersKey(string header, string value, string caller)
    {
        await using var service = await CallerAsync("Development");
        using var client = service.Client(null);
        client.DefaultRequestHeaders.Add(header, value);

        Assert.Equal(caller, await client.GetStringAsync("/who"));
    }

    [Fact]
    public async Task Get_KeylessRequestInProduction_SendsNoKey()
    {
        await using var service = await CallerAsync("Production");
        using var client = service.Client(null);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.1");

        // The callee trusts its own machine, so a call without a key is "development", not "service".
        Assert.Equal("development", await client.GetStringAsync("/who"));
    }

    [Fact]
    public async Task Get_OutsideRequest_SendsServiceKey()
    {
        await using var service = await CallerAsync("Production");

        Assert.Equal("service", await service.Services.GetRequiredService<Peer>().WhoAsync());
    }

    [Fact]
    public async Task Get_TransientFailure_IsRetriedWithOnlyTheKey()
    {
        await using var service = await CallerAsync("Production");
        using var client = service.Client();
        client.DefaultRequestHeaders.Add("Cookie", "secret=1");
        client.DefaultRequestHeaders.Add("X-Custom", "secret");

        Assert.Equal("OK", await client.GetStringAsync("/flaky?method=GET"));
        Assert.Equal(2, _calls);
        Assert.DoesNotContain("Cookie", _forwarded, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Custom", _forwarded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_TransientFailure_IsSentOnce()
    {
        await using var service = await CallerAsync("Production");
        using var client = service.Client();

        Assert.Equal("ServiceUnavailable", await client.GetStringAsync("/flaky?method=POST"));
        Assert.Equal(1, _calls);
    }

    private Task<TestService> CallerAsync(string environment) =>
        TestService.StartAsync(
            app =>
            {
                app.MapGet("/who", (Peer peer) => peer.WhoAsync()).AllowAnonymous();
                app.MapGet("/flaky", (string method, Peer peer) => peer.FlakyAsync(method)).AllowAnonymous();
            },
            environment,
            builder => builder.Services.AddHttpClient<Peer>().ForService("callee"),
            settings: ("services:callee:http:0", _callee.Address.ToString())
        );

    internal sealed class Peer(HttpClient http)
    {
        public async Task<string> WhoAsync()
        {
            using var response = await http.GetAsync("/api/v1/whoami");
            return response.IsSuccessStatusCode
                ? (await response.JsonAsync()).GetProperty("id").GetString()!
                : response.StatusCode.ToString();
        }

        public async Task<string> FlakyAsync(string method)
        {
            using var request = new HttpRequestMessage(new(method), "/flaky");
            using var response = await http.SendAsync(request);
            return response.StatusCode.ToString();
        }
    }
}
