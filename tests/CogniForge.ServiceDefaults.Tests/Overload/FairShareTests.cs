using CogniForge.ServiceDefaults.Overload;
using Microsoft.Extensions.Time.Testing;

namespace CogniForge.ServiceDefaults.Tests.Overload;

public class FairShareTests
{
    private readonly WorkShare _work = new(1, TimeSpan.Zero, TimeProvider.System);

    [Fact]
    public void TryTake_OneKey_GetsWholeCapacity()
    {
        var share = new FairShare(100);

        Assert.Equal(100, Enumerable.Range(0, 200).Count(_ => share.TryTake("a", 1)));
    }

    [Fact]
    public void TryTake_NothingFree_OtherKeyGetsItsShare()
    {
        var share = new FairShare(100);
        while (share.TryTake("greedy", 1)) { }

        Assert.Equal(50, Enumerable.Range(0, 200).Count(_ => share.TryTake("other", 1)));
        Assert.Equal(33, Enumerable.Range(0, 200).Count(_ => share.TryTake("third", 1)));
        Assert.False(share.TryTake("greedy", 1));
    }

    [Fact]
    public void TryTake_AmountAboveShare_OnlyRequestIsAdmitted()
    {
        var share = new FairShare(100);

        Assert.True(share.TryTake("a", 1_000));
        Assert.False(share.TryTake("a", 1));
        Assert.True(share.TryTake("b", 1_000));
    }

    [Fact]
    public void TryTakeMore_NothingFree_IsRefusedAboveShare()
    {
        var share = new FairShare(100);
        Assert.True(share.TryTake("a", 0) && share.TryTake("a", 0));

        Assert.True(share.TryTakeMore("a", 100));
        Assert.False(share.TryTakeMore("a", 1));
    }

    [Fact]
    public void Release_AllTaken_FreesCapacity()
    {
        var share = new FairShare(100);
        while (share.TryTake("a", 1)) { }

        Assert.True(share.TryTake("b", 50));
        for (var i = 0; i < 100; i++)
        {
            share.Release("a", 1);
        }

        share.Release("b", 50);
        Assert.Equal(100, Enumerable.Range(0, 200).Count(_ => share.TryTake("c", 1)));
    }

    [Fact]
    public async Task TakeAsync_NothingFree_WaitsInOrder()
    {
        var share = new FairShare(100);
        Assert.True(share.TryTake("a", 100));

        var first = TakeAsync(share, "a", 60);
        var second = TakeAsync(share, "a", 60);
        Assert.False(share.TryTake("a", 1)); // no overtaking
        Assert.False(first.IsCompleted || second.IsCompleted);

        share.Release("a", 100);
        Assert.True(await first);
        Assert.False(second.IsCompleted);
        share.Release("a", 60);
        Assert.True(await second);
    }

    [Fact]
    public async Task TakeAsync_TwoKeysWait_LeastUserFirst()
    {
        var share = new FairShare(100);
        Assert.True(share.TryTake("greedy", 150) && share.TryTake("other", 30));

        var greedy = TakeAsync(share, "greedy", 30);
        var other = TakeAsync(share, "other", 30);
        share.GiveBack("greedy", 115); // 35 and 30 remain

        Assert.True(await other);
        Assert.False(greedy.IsCompleted);
    }

    [Fact]
    public async Task TakeAsync_WaitEnds_TakesNothing()
    {
        var (share, time) = (new FairShare(100), new FakeTimeProvider());
        using var cancellation = new CancellationTokenSource();
        Assert.True(share.TryTake("a", 100));

        Assert.False(await share.TakeAsync("a", 1, TimeSpan.Zero, time, default));
        var late = share.TakeAsync("a", 1, TimeSpan.FromSeconds(10), time, default).AsTask();
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(await late);
        var cancelled = share.TakeAsync("a", 1, TimeSpan.FromSeconds(10), time, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        share.Release("a", 100);
        Assert.Equal(100, Enumerable.Range(0, 200).Count(_ => share.TryTake("b", 1)));
    }

    [Fact]
    public async Task TakeMoreAsync_AllNeedMore_EndOneAfterOther()
    {
        var share = new FairShare(100);
        object[] requests = [new(), new(), new()];
        Assert.All(requests, _ => Assert.True(share.TryTake("a", 30)));

        var waits = requests.Select(r => share.TakeMoreAsync("a", r, 50, default).AsTask()).ToList();
        Assert.Equal([true, false, false], waits.Select(w => w.IsCompleted));
        await share.TakeMoreAsync("a", requests[0], 50, default); // the one beyond the share goes on

        share.Release("a", 130, requests[0]);
        await Task.WhenAny(waits[1], waits[2]);
        Assert.Equal(2, waits.Count(w => w.IsCompleted));
        var next = waits[1].IsCompleted ? 1 : 2;
        share.Release("a", 80, requests[next]);
        await Task.WhenAll(waits);
    }

    [Fact]
    public async Task TakeMoreAsync_Cancelled_TakesNothing()
    {
        var share = new FairShare(100);
        using var cancellation = new CancellationTokenSource();
        var (first, second) = (new object(), new object());
        Assert.True(share.TryTake("a", 50) && share.TryTake("a", 50));
        await share.TakeMoreAsync("a", first, 50, default);

        var wait = share.TakeMoreAsync("a", second, 50, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);

        share.Release("a", 100, first);
        share.Release("a", 50, second);
        Assert.Equal(100, Enumerable.Range(0, 200).Count(_ => share.TryTake("b", 1)));
    }

    [Fact]
    public async Task TakeAsync_LargeWaiterLeaves_SmallOneIsAdmitted()
    {
        var (share, time) = (new FairShare(100), new FakeTimeProvider());
        Assert.True(share.TryTake("a", 60) && share.TryTake("a", 20));

        var large = share.TakeAsync("a", 90, TimeSpan.FromSeconds(1), time, default).AsTask();
        var small = share.TakeAsync("a", 10, TimeSpan.FromSeconds(9), time, default).AsTask();
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(await large);
        Assert.True(await small);
    }

    private static Task<bool> TakeAsync(FairShare share, string key, long amount) =>
        share.TakeAsync(key, amount, TimeSpan.FromMinutes(1), TimeProvider.System, default).AsTask();

    [Fact]
    public async Task AddWork_BeyondCapacity_NextRequestWaitsForEndWork()
    {
        var share = new FairShare(100);
        Assert.True(share.TryTake("a", 10) && share.TryTake("a", 10));
        var (first, second) = (Create(), Create());
        await first.AddWorkAsync(1_000, CancellationToken.None);

        var waiting = second.AddWorkAsync(1_000, CancellationToken.None).AsTask();

        Assert.False(waiting.IsCompleted);
        first.EndWork();
        await waiting;
        second.EndWork();
        Assert.True(share.TryTake("a", 80));

        BodyShare Create() => new(share, _work, "a", new(1, 1), 10);
    }

    [Fact]
    public async Task AddKept_BeyondShare_NextRequestWaitsForRelease()
    {
        var share = new FairShare(100);
        Assert.True(share.TryTake("a", 0) && share.TryTake("a", 0));
        var (first, second) = (Create(), Create());
        await first.AddKeptAsync(1_000, CancellationToken.None);

        var waiting = second.AddKeptAsync(1_000, CancellationToken.None).AsTask();
        first.EndWork();

        Assert.False(waiting.IsCompleted);
        first.Release();
        await waiting;

        BodyShare Create() => new(share, _work, "a", new(0, 0), 0);
    }
}
