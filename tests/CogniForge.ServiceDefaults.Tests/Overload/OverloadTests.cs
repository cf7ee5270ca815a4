using System.Net;
using System.Text;
using CogniForge.ServiceDefaults.Overload;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CogniForge.ServiceDefaults.Tests.Overload;

/// <summary>One key's requests beyond its share are refused under overload; the other keys go on.</summary>
public sealed class OverloadTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _release = new();
    private int _waiting;
    private TestService _service = null!;
    private HttpClient _greedy = null!;
    private HttpClient _other = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync(
            app =>
            {
                app.MapPost("/wait", WaitAsync);
                app.MapPost("/costly", WaitAsync).WithBodyMemory(10);
            },
            settings:
            [
                ("CogniForge:Overload:MaxRequests", "4"),
                ("CogniForge:Overload:MaxBodyBytes", "10000"),
                ("CogniForge:Overload:MaxWait", "00:00:00"),
            ]
        );
        _greedy = _service.Client();
        _other = _service.Client(TestService.ServiceKey);
    }

    public async Task DisposeAsync()
    {
        _greedy.Dispose();
        _other.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Request_AboveShare_Gets429OthersGoOn()
    {
        var held = await HoldAsync(_greedy, 4, 1);

        using var refused = await _greedy.PostAsync("/wait", Body(1));
        await AssertRefusedAsync(refused);
        var others = await HoldAsync(_other, 2, 1);
        using var alive = await _greedy.GetAsync("/alive");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);

        _release.SetResult();
        await AssertAnsweredAsync([.. held, .. others], 1);
        using var again = await _greedy.PostAsync("/wait", Body(1));
        Assert.Equal("1", await again.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_AboveShare_Gets429OthersGoOn(bool chunked)
    {
        var held = await HoldAsync(_greedy, 2, 5_000, chunked);

        using var refused = await SendAsync(_greedy, 3_000, chunked);
        await AssertRefusedAsync(refused);
        var others = await HoldAsync(_other, 1, 4_000, chunked);

        _release.SetResult();
        await AssertAnsweredAsync(held, 5_000);
        await AssertAnsweredAsync(others, 4_000);
        using var again = await SendAsync(_greedy, 3_000, chunked);
        Assert.Equal("3000", await again.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_LargeAndCostly_CountsSeveralTimes(bool chunked)
    {
        // 100 kB count as a megabyte, 60 kB as themselves.
        var held = await HoldAsync(_greedy, 1, 100_000, chunked, "/costly");

        using var refused = await SendAsync(_greedy, 60_000, chunked, "/costly");
        await AssertRefusedAsync(refused);

        _release.SetResult();
        await AssertAnsweredAsync(held, 100_000);
        using var again = await SendAsync(_greedy, 60_000, chunked, "/costly");
        Assert.Equal("60000", await again.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Unauthenticated_ServiceFull_DoesNotHoldKeys()
    {
        using var keyless = _service.Client(key: null);
        var held = await HoldAsync(_greedy, 4, 1);

        using var response = await keyless.PostAsync("/wait", Body(1));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);

        _release.SetResult();
        await AssertAnsweredAsync(held, 1);
    }

    private async Task<IResult> WaitAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(cancellationToken);
        Interlocked.Increment(ref _waiting);
        await _release.Task;
        return Results.Text($"{body.Length}");
    }

    private async Task<List<Task<HttpResponseMessage>>> HoldAsync(
        HttpClient client,
        int count,
        int bytes,
        bool chunked = false,
        string path = "/wait"
    )
    {
        var expected = Volatile.Read(ref _waiting) + count;
        var held = Enumerable.Range(0, count).Select(_ => SendAsync(client, bytes, chunked, path)).ToList();
        await Until.EqualAsync(expected, () => Task.FromResult(Volatile.Read(ref _waiting)));
        return held;
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client,
        int bytes,
        bool chunked,
        string path = "/wait"
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Body(bytes) };
        request.Headers.TransferEncodingChunked = chunked;
        return await client.SendAsync(request);
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        Assert.Contains("share", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task AssertAnsweredAsync(IEnumerable<Task<HttpResponseMessage>> held, int bytes)
    {
        foreach (var task in held)
        {
            using var response = await task;
            Assert.Equal($"{bytes}", await response.Content.ReadAsStringAsync());
        }
    }

    private static StringContent Body(int bytes) => new(new string('x', bytes), Encoding.UTF8, "text/plain");
}
