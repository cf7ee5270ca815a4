using System.Net;
using System.Net.Sockets;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.ServiceDefaults.Tests.Hosting;

public sealed class AdminPortTests
{
    private const string Keys = "/api/v1/llm/keys";

    [Fact]
    public async Task AdminApi_AdminPortSet_AnswersThereAlone()
    {
        await using var service = await StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, await GetAsync(service.Public, Keys));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(service.Admin, Keys));
    }

    [Fact]
    public async Task AdminApi_HostHeaderNamesAdminPort_IsStillHidden()
    {
        await using var service = await StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, await GetAsync(service.Public, Keys, host: service.Admin.Authority));
    }

    [Fact]
    public async Task OtherApis_AdminPortSet_AnswerOnEveryPort()
    {
        await using var service = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, await GetAsync(service.Public, "/api/v1/whoami"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(service.Admin, "/api/v1/whoami"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(service.Public, "/alive"));
    }

    [Fact]
    public async Task AdminApi_HiddenWithoutKey_AnswersLikeUnknownPath()
    {
        await using var service = await StartAsync();
        using var client = new HttpClient();

        using var hidden = await client.GetAsync(new Uri(service.Public, Keys));

        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        Assert.Equal("application/problem+json", hidden.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Start_AdminPortWithoutListener_FailsNamingIt()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            TestService.StartAsync(settings: ("CogniForge:AdminPort", "1"))
        );

        Assert.Contains("CogniForge:AdminPort is 1", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<TwoPorts> StartAsync()
    {
        while (true)
        {
            var port = FindFreePort();
            try
            {
                var service = await TestService.StartAsync(
                    configure: b => b.WebHost.UseUrls("http://127.0.0.1:0", $"http://127.0.0.1:{port}"),
                    settings: ("CogniForge:AdminPort", $"{port}")
                );
                var addresses = service.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
                var urls = addresses!.Addresses.Select(a => new Uri(a)).ToLookup(a => a.Port == port);
                return new(service, urls[false].Single(), urls[true].Single());
            }
            catch (IOException)
            {
                // Another process has taken the port meanwhile.
            }
        }
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<HttpStatusCode> GetAsync(Uri address, string path, string? host = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, path));
        request.Headers.Authorization = new("Bearer", TestService.RootKey);
        request.Headers.Host = host;
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private sealed record TwoPorts(TestService Service, Uri Public, Uri Admin) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Service.DisposeAsync();
    }
}
