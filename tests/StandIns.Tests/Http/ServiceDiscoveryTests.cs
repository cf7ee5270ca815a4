using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace StandIns.Tests.Http;

public class ServiceDiscoveryTests
{
    [Theory]
    [InlineData("https+http://api/x?q=1", "http://one:81/x?q=1", "services__api__http__0=http://one:81")]
    [InlineData("https+http://api/x", "https://one:443/x", "services__api__http__0=http://one:81", "services__api__https__0=https://one")]
    [InlineData("http+https://api/x", "http://one:81/x", "services__api__http__0=http://one:81", "services__api__https__0=https://one")]
    [InlineData("http://api/x", "http://one:81/x", "services__api__http__0=http://one:81", "services__api__https__0=https://one")]
    [InlineData("http://API/x", "http://one:81/x", "services__api__http__0=http://one:81")]
    [InlineData("http://_admin.api/x", "http://two:82/x", "services__api__http__0=http://one:81", "services__api__admin__0=http://two:82")]
    [InlineData("http://_admin.api/x", "http://api/x", "services__api__http__0=http://one:81")]
    [InlineData("https+http://api/x", "http://default:1/x", "services__api__http__0=http://one:81", "services__api__default__0=http://default:1")]
    [InlineData("http://api/x", "http://one:81/base/x", "services__api__http__0=http://one:81/base/")]
    [InlineData("https+http://api/x", "https://host:8080/x", "services__api__default=host:8080")]
    [InlineData("https+http://other:5/x", "https://other:5/x", "services__api__http__0=http://one:81")]
    [InlineData("http://127.0.0.1:5/x", "http://127.0.0.1:5/x")]
    [InlineData("https://api/x", "https://api/x", "services__api__http__0=http://one:81")]
    public async Task Request_ToAServiceName_GoesToItsEndpoint(string asked, string expected, params string[] environment)
    {
        using var backend = new FakeBackend(HttpStatusCode.OK);
        using var client = Client(backend, environment);
        var response = await client.GetAsync(new Uri(asked));
        Assert.Equal(new Uri(expected), Assert.Single(backend.Addresses));
        Assert.Equal(new Uri(asked), response.RequestMessage!.RequestUri);
    }

    [Fact]
    public async Task Requests_SeveralEndpoints_TakeTurns()
    {
        using var backend = new FakeBackend(HttpStatusCode.OK);
        using var client = Client(backend, ["services__api__http__0=http://one", "services__api__http__1=http://two", "services__api__http__2=http://three"]);
        for (var i = 0; i < 6; i++)
            await client.GetAsync(new Uri("http://api"));
        Assert.Equal(2, backend.Addresses.Count(a => a.Host == "one"));
        Assert.Equal(2, backend.Addresses.Count(a => a.Host == "two"));
        Assert.NotEqual(backend.Addresses.First(), backend.Addresses.ElementAt(1));
    }

    [Theory]
    [InlineData("services__api__http__first=http://one")]
    [InlineData("services__api__http__0=http://[")]
    public async Task Request_ConfigurationMakesNoSense_FailsSayingSo(string setting)
    {
        using var backend = new FakeBackend(HttpStatusCode.OK);
        using var client = Client(backend, [setting]);
        var error = await Assert.ThrowsAsync<KeyNotFoundException>(() => client.GetAsync(new Uri("http://api")));
        Assert.Contains("api", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllowedSchemes_Restricted_LeavesOutTheRest()
    {
        using var backend = new FakeBackend(HttpStatusCode.OK);
        var services = Services(["services__api__http__0=http://one:81", "services__api__https__0=https://one"]);
        services.AddServiceDiscovery(options =>
        {
            options.AllowAllSchemes = false;
            options.AllowedSchemes = ["http"];
        });
        services.AddHttpClient("c").AddServiceDiscovery().ConfigurePrimaryHttpMessageHandler(() => backend);
        using var client = services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("c");
        await client.GetAsync(new Uri("https+http://api"));
        Assert.Equal(new Uri("http://one:81"), Assert.Single(backend.Addresses));
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetAsync(new Uri("https+http://unknown")));
    }

    [Fact]
    public async Task HttpClientDefaults_AddServiceDiscovery_CoverEveryClient()
    {
        using var backend = new FakeBackend(HttpStatusCode.OK);
        var services = Services(["services__api__http__0=http://one:81"]).AddServiceDiscovery();
        services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery().ConfigurePrimaryHttpMessageHandler(() => backend));
        using var client = services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("any");
        await client.GetAsync(new Uri("https+http://api"));
        Assert.Equal(new Uri("http://one:81"), Assert.Single(backend.Addresses));
    }

    private static HttpClient Client(FakeBackend backend, string[] environment)
    {
        var services = Services(environment).AddServiceDiscovery();
        services.AddHttpClient("c").AddServiceDiscovery().ConfigurePrimaryHttpMessageHandler(() => backend);
        return services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("c");
    }

    // In the form in which an AppHost passes them on.
    private static IServiceCollection Services(string[] environment)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(environment.Select(e => e.Split('=', 2)).ToDictionary(e => e[0].Replace("__", ":", StringComparison.Ordinal), e => (string?)e[1]));
        return builder.Services;
    }
}
