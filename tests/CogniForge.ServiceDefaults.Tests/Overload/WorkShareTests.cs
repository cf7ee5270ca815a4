using CogniForge.ServiceDefaults.Overload;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace CogniForge.ServiceDefaults.Tests.Overload;

/// <summary>The work of one key does not come before that of another.</summary>
public sealed class WorkShareTests
{
    private const int Large = 1 << 20;
    private readonly FakeTimeProvider _time = new();
    private readonly WorkShare _work;

    public WorkShareTests() => _work = new(processors: 2, TimeSpan.FromSeconds(10), _time);

    [Fact]
    public async Task Take_LargeBodies_OnePerProcessorAtOnce()
    {
        var first = await _work.TakeAsync("a", Large, CancellationToken.None);
        Assert.NotNull(await _work.TakeAsync("a", Large, CancellationToken.None));

        var third = _work.TakeAsync("a", Large, CancellationToken.None).AsTask();

        Assert.False(third.IsCompleted);
        first!.Dispose();
        Assert.NotNull(await third);
    }

    /// <summary>With 20 at once, another key's request waited for all of them at each of its steps.</summary>
    [Fact]
    public async Task Take_MiddlingBodies_FewAtOnce()
    {
        var taken = Enumerable
            .Range(0, 20)
            .Select(_ => _work.TakeAsync("a", 24_000, CancellationToken.None).AsTask())
            .ToList();

        Assert.InRange(taken.Count(t => t.IsCompleted), 2, 6);
        Assert.NotNull(await taken[0]);
    }

    [Fact]
    public async Task Take_OtherKeyHasAll_ComesAtOnce()
    {
        var greedy = Enumerable.Range(0, 200).Select(_ => _work.TakeAsync("a", 0, CancellationToken.None).AsTask());
        Assert.Contains(greedy.ToList(), t => !t.IsCompleted);

        Assert.NotNull(await _work.TakeAsync("b", 0, CancellationToken.None));
    }

    [Fact]
    public async Task TakeTurn_NotInTime_RefusesRequest()
    {
        _ = await _work.TakeAsync("a", Large, CancellationToken.None);
        _ = await _work.TakeAsync("a", Large, CancellationToken.None);
        var share = new BodyShare(new(Large), _work, "a", BodyMemoryMetadata.Default, 1);

        var turn = share.TakeTurnAsync(CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(429, (await Assert.ThrowsAsync<BadHttpRequestException>(() => turn)).StatusCode);
        Assert.True(share.IsRefused);
    }
}
