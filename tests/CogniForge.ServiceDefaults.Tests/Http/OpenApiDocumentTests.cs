using System.Net;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.ServiceDefaults.Tests.Http;

/// <summary>The OpenAPI document is made once and served from memory.</summary>
public sealed class OpenApiDocumentTests : IAsyncLifetime
{
    private const string Path = "/openapi/v1.json";
    private int _made;
    private TestService _service = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync(configure: builder =>
            builder.Services.AddOpenApi(options =>
                options.AddDocumentTransformer(
                    (_, _, _) =>
                    {
                        Interlocked.Increment(ref _made);
                        return Task.CompletedTask;
                    }
                )
            )
        );
        _client = _service.Client(key: null);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Get_ManyAtOnce_MakesDocumentOnce()
    {
        var documents = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _client.GetStringAsync(Path)));

        Assert.Equal(1, _made);
        Assert.StartsWith("{", Assert.Single(documents.Distinct()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_KnownTag_Returns304()
    {
        using var first = await _client.GetAsync(Path);
        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await _client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Get_UnknownDocument_Returns404()
    {
        using var response = await _client.GetAsync("/openapi/v2.json");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
