using System.Net;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CogniForge.ServiceDefaults.Tests.Http;

public sealed class HeadTests
{
    [Theory]
    [InlineData("/alive", null, HttpStatusCode.OK)]
    [InlineData("/health", null, HttpStatusCode.OK)]
    [InlineData("/openapi/v1.json", null, HttpStatusCode.OK)]
    [InlineData("/metrics", TestService.RootKey, HttpStatusCode.OK)]
    [InlineData("/api/v1/whoami", TestService.RootKey, HttpStatusCode.OK)]
    [InlineData("/api/v1/whoami", null, HttpStatusCode.Unauthorized)]
    [InlineData("/api/v1/llm/keys", TestService.RootKey, HttpStatusCode.OK)]
    [InlineData("/nothing", TestService.RootKey, HttpStatusCode.NotFound)]
    [InlineData("/only-post", TestService.RootKey, HttpStatusCode.MethodNotAllowed)]
    public async Task Head_AnyPath_AnswersAsGetWithoutBody(string path, string? key, HttpStatusCode status)
    {
        await using var service = await TestService.StartAsync(map: app => app.MapPost("/only-post", () => "ok"));
        using var client = service.Client(key);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);

        using var response = await client.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        using var get = await client.GetAsync(path);
        Assert.Equal(get.StatusCode, response.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, response.Content.Headers.ContentType);
    }

    [Theory]
    [InlineData(TestService.RootKey, HttpStatusCode.OK)]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    public async Task Head_EventStream_EndsAfterHeaders(string? key, HttpStatusCode status)
    {
        await using var service = await TestService.StartAsync(map: app =>
            app.MapGet("/events", () => TypedResults.ServerSentEvents(WaitAsync()))
        );
        using var client = service.Client(key);
        using var request = new HttpRequestMessage(HttpMethod.Head, "/events");

        using var response = await client.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(key is not null, response.Content.Headers.ContentType?.MediaType == "text/event-stream");
    }

    private static async IAsyncEnumerable<string> WaitAsync()
    {
        yield return "first";
        await Task.Delay(Timeout.Infinite);
    }
}
