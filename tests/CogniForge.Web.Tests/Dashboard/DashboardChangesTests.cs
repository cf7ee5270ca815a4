using System.Net.ServerSentEvents;
using CogniForge.Web.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CogniForge.Web.Tests.Dashboard;

public sealed class DashboardChangesTests : IAsyncLifetime
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _time = new(TestTime.Start);
    private FakeServices _services = null!;
    private WebService _web = null!;

    public async Task InitializeAsync()
    {
        _services = await FakeServices.StartAsync();
        _web = WebService.Create(_services, _time);
    }

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Watch_NumberChanges_SendsOneEvent()
    {
        await using var events = await WatchAsync();
        Assert.Equal(("changed", Now()), await NextAsync(events));

        await TickAsync();
        await TickAsync();
        _services.Set(FakeServices.Llm, """{"count":1300,"completions":1235}""");
        await TickAsync();

        // The event has the time of the read that found the change; the two reads before it found none.
        Assert.Equal(("changed", Now()), await NextAsync(events));

        await TickAsync();
        _services.Set(
            FakeServices.Activity,
            """{"events":5,"completions":5,"inferences":6,"promotions":7,"drifts":8}"""
        );
        await TickAsync();
        Assert.Equal(("changed", Now()), await NextAsync(events));
    }

    [Fact]
    public async Task Watch_ManyStreamsOfKey_ShareOneRead()
    {
        var streams = new List<IAsyncEnumerator<SseItem<string>>>();
        for (var i = 0; i < 20; i++)
        {
            streams.Add(await WatchAsync());
            await NextAsync(streams[i]);
        }

        Assert.Equal(4, _services.Requests.Count);
        _services.Set(FakeServices.Llm, """{"count":1300,"completions":1235}""");
        _time.Advance(_interval);
        foreach (var stream in streams)
        {
            Assert.Equal(("changed", Now()), await NextAsync(stream));
            await stream.DisposeAsync();
        }

        Assert.Equal(8, _services.Requests.Count);
    }

    [Fact]
    public async Task Watch_OtherKey_ReadsWithItsOwn()
    {
        await using var events = await WatchAsync();
        await NextAsync(events);
        using var client = _web.NewClient(await _web.CreateKeyAsync("web", "metrics:read"));
        await using var others = await WatchAsync(client);
        await NextAsync(others);

        Assert.Equal(8, _services.Requests.Count);
        Assert.Equal(2, _services.Requests.Select(r => r.Authorization).Distinct().Count());
    }

    [Fact]
    public async Task Watch_ServiceFailsAndRecovers_SendsTwoEvents()
    {
        await using var events = await WatchAsync();
        await NextAsync(events);

        _services.Set(FakeServices.Models, "{}", status: 403);
        await TickAsync();
        Assert.Equal(("changed", Now()), await NextAsync(events));

        _services.Set(FakeServices.Models, """{"count":2}""");
        await TickAsync();
        Assert.Equal(("changed", Now()), await NextAsync(events));
    }

    [Fact]
    public async Task Watch_WebStops_EndsStream()
    {
        await using var events = await WatchAsync();
        await NextAsync(events);
        _web.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        Assert.False(await MoveAsync(events));
    }

    [Fact]
    public async Task Watch_WebStopsDuringRead_EndsStream()
    {
        await using var events = await WatchAsync();
        await NextAsync(events);
        _services.Hang(FakeServices.Llm);
        await TickAsync();
        _web.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        Assert.False(await MoveAsync(events));
    }

    private async Task<IAsyncEnumerator<SseItem<string>>> WatchAsync(HttpClient? client = null)
    {
        var response = await (client ?? _web.Client).GetAsync(
            new Uri("/api/v1/metrics/dashboard/changes", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead
        );
        if (!response.IsSuccessStatusCode)
        {
            Assert.Fail($"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();
    }

    /// <summary>Advances past the interval, and waits until all four numbers have been requested again.</summary>
    private async Task TickAsync()
    {
        var before = _services.Requests.Count;
        _time.Advance(_interval);
        await Until.EqualAsync(before + 4, () => Task.FromResult(_services.Requests.Count));
    }

    private string Now() => _time.GetUtcNow().ToString("O");

    private static async Task<(string Type, string Data)> NextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        Assert.True(await MoveAsync(events));
        return (events.Current.EventType, events.Current.Data);
    }

    private static Task<bool> MoveAsync(IAsyncEnumerator<SseItem<string>> events) =>
        events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(15));
}
