using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Refit;
using StandIns.Tests.Http;

namespace StandIns.Tests.Refit;

public sealed class ResponseTests : IAsyncLifetime
{
    private const string Problem = """{"type":"about:blank","title":"Wrong","status":400,"detail":"because","errors":{"name":["too short"]},"rule":"min"}""";
    private LocalServer _server = null!;
    private IEcho _echo = null!;

    public async Task InitializeAsync()
    {
        _server = await EchoServer.StartAsync();
        _echo = RestService.For<IEcho>(_server.Address.ToString());
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Json_Answered_IsRead()
    {
        Assert.Equal(new Thing("one", 3, Colour.OK), await _echo.StatusAsync(200, body: """{"NAME":"one","count":3,"colour":"OK"}"""));
        Assert.Equal("plain", await _echo.StringAsync(200, "plain"));
        await using var stream = await _echo.StreamAsync(200, "stream");
        using var reader = new StreamReader(stream);
        Assert.Equal("stream", await reader.ReadToEndAsync());
        await _echo.NothingAsync(200);
        await _echo.DeleteAsync(Guid.Empty, CancellationToken.None);
    }

    [Fact]
    public async Task Error_Answered_IsAnApiExceptionWithItsContent()
    {
        var error = await Assert.ThrowsAsync<ApiException>(() => _echo.StatusAsync(404, body: """{"name":"none"}"""));
        Assert.Equal((HttpStatusCode.NotFound, "Not Found", true), (error.StatusCode, error.ReasonPhrase, error.HasContent));
        Assert.Equal((HttpMethod.Get, "/status/404"), (error.HttpMethod, error.Uri!.AbsolutePath));
        Assert.Equal("application/json", error.ContentHeaders!.ContentType!.MediaType);
        Assert.Equal(new Thing("none"), await error.GetContentAsAsync<Thing>());
        Assert.Contains("404", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ApiException>(() => _echo.NothingAsync(500));
        await Assert.ThrowsAsync<ApiException>(() => _echo.StringAsync(503));
    }

    [Fact]
    public async Task ProblemDetails_Answered_AreReadToo()
    {
        var error = await Assert.ThrowsAsync<ValidationApiException>(() => _echo.StatusAsync(400, "application/problem+json", Problem));
        Assert.Equal(("Wrong", 400, "because"), (error.Content!.Title, error.Content.Status, error.Content.Detail));
        Assert.Equal(["too short"], error.Content.Errors["name"]);
        Assert.Equal("min", error.Content.Extensions["rule"].ToString());
        Assert.Equal(Problem, ((ApiException)error).Content);
    }

    [Fact]
    public async Task ProblemDetails_Broken_AreAPlainApiException() =>
        Assert.Equal("{", (await Assert.ThrowsAsync<ApiException>(() => _echo.StatusAsync(400, "application/problem+json", "{"))).Content);

    [Fact]
    public async Task Json_Broken_IsAnApiExceptionWithTheReason()
    {
        var error = await Assert.ThrowsAsync<ApiException>(() => _echo.StatusAsync(200, body: "{"));
        Assert.Equal(HttpStatusCode.OK, error.StatusCode);
        Assert.IsType<JsonException>(error.InnerException);
    }

    [Fact]
    public async Task ApiResponse_Success_HasTheContent()
    {
        using var response = await _echo.ResponseAsync(201);
        Assert.True(response.IsSuccessful);
        Assert.Equal((HttpStatusCode.Created, new Thing("one"), null), (response.StatusCode, response.Content, response.Error));
        Assert.Equal("application/json", response.ContentHeaders.ContentType!.MediaType);
        Assert.NotEmpty(response.Headers);
        Assert.Same(response, await response.EnsureSuccessfulAsync());
    }

    [Fact]
    public async Task ApiResponse_Error_IsGivenNotThrown()
    {
        using var response = await _echo.ResponseInterfaceAsync(409, "application/problem+json", Problem);
        Assert.False(response.IsSuccessful);
        Assert.Equal((HttpStatusCode.Conflict, null), (response.StatusCode, response.Content));
        Assert.IsType<ValidationApiException>(response.Error);

        using var failed = await _echo.ResponseAsync(500);
        Assert.Equal(HttpStatusCode.InternalServerError, (await Assert.ThrowsAsync<ApiException>(failed.EnsureSuccessStatusCodeAsync)).StatusCode);
    }

    [Fact]
    public async Task ApiResponse_JsonBroken_IsAnErrorOfASuccessfulStatus()
    {
        using var response = await _echo.ResponseAsync(200, body: "{");
        Assert.True(response.IsSuccessStatusCode);
        Assert.False(response.IsSuccessful);
        Assert.IsType<JsonException>(response.Error.InnerException);
    }

    [Fact]
    public async Task PlainApiResponse_SaysHowItWent()
    {
        using var good = await _echo.PlainResponseAsync(202);
        using var bad = await _echo.PlainResponseAsync(500, body: "broken");
        Assert.Equal((true, HttpStatusCode.Accepted, null), (good.IsSuccessful, good.StatusCode, good.Error));
        Assert.Equal((false, "broken"), (bad.IsSuccessful, bad.Error!.Content));
    }

    [Fact]
    public async Task HttpResponseMessage_AnyStatus_IsHandedOver()
    {
        using var message = await _echo.MessageAsync(500, "as it is");
        Assert.Equal((HttpStatusCode.InternalServerError, "as it is"), (message.StatusCode, await message.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Cancelled_CallEnds()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _echo.SlowAsync(cancel.Token));
    }

    [Fact]
    public async Task AddRefitClient_WithHandlers_UsesTheClientFactory()
    {
        using var backend = new FakeBackend((_, _) => Task.FromResult(new HttpResponseMessage { Content = new StringContent("[1]") }));
        var services = new ServiceCollection();
        services.AddRefitClient<IEcho>(_ => new RefitSettings { ContentSerializer = new SystemTextJsonContentSerializer(JsonSerializerOptions.Web) })
            .ConfigureHttpClient(client => client.BaseAddress = new("http://backend"))
            .ConfigurePrimaryHttpMessageHandler(() => backend);
        using var provider = services.BuildServiceProvider();
        Assert.Equal("[1]", await provider.GetRequiredService<IEcho>().StringAsync(200));
        Assert.Equal(new Uri("http://backend/status/200"), Assert.Single(backend.Addresses));
        Assert.NotSame(provider.GetRequiredService<IEcho>(), provider.GetRequiredService<IEcho>());
    }

    [Fact]
    public async Task AddRefitClient_Settings_AreOfThatInterface()
    {
        var services = new ServiceCollection();
        services.AddRefitClient<IEcho>(new RefitSettings { CollectionFormat = CollectionFormat.Multi }).ConfigureHttpClient(client => client.BaseAddress = _server.Address);
        using var provider = services.BuildServiceProvider();
        Assert.Equal("/list?plain=1&plain=2&piped=", (await provider.GetRequiredService<IEcho>().ListAsync([1, 2], [], [])).Target);
    }
}
