using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;

namespace CogniForge.Tests;

/// <summary>A service in this process, on a real Kestrel at a free port of the loopback address, with its stores in memory: what a developer gets from <c>dotnet run</c>.</summary>
public class ServiceHost<TProgram> : WebApplicationFactory<TProgram> where TProgram : class
{
    private readonly Action<IWebHostBuilder> _configure;

    protected ServiceHost(Action<IWebHostBuilder>? configure = null)
    {
        _configure = configure ?? (_ => { });
        UseKestrel(0);
        StartServer();
        Address = ClientOptions.BaseAddress;
        Client = NewClient();
    }

    public Uri Address { get; }

    /// <summary>A client as it comes: no retries, no redirects.</summary>
    public HttpClient Client { get; }

    public HttpClient NewClient(string? key = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>Has the service make a key that can do just this.</summary>
    public async Task<string> CreateKeyAsync(string service, params string[] scopes)
    {
        using var response = await Client.PostAsJsonAsync($"/api/v1/{service}/keys", new { name = "test", scopes });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString()!;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        _configure(builder);
        builder.ConfigureLogging(logging => logging.ClearProviders());
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Client?.Dispose();
        base.Dispose(disposing);
    }
}

public static class Requests
{
    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, string json) => client.PostAsync(new Uri(path, UriKind.Relative), Json(json));

    public static Task<HttpResponseMessage> GetAsync(this HttpClient client, string path) => client.GetAsync(new Uri(path, UriKind.Relative));

    /// <summary>The answer as JSON; the status has to be right.</summary>
    public static async Task<JsonElement> ReadAsync(this HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} instead of {status}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Sends as many bytes as asked for, and waits with them for the server's word.</summary>
    public static async Task<HttpResponseMessage> PostLargeAsync(this HttpClient client, string path, int bytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = Json($"\"{new string('x', bytes)}\"") };
        request.Headers.ExpectContinue = true;
        return await client.SendAsync(request);
    }
}
