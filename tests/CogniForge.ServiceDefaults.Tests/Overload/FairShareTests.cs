using CogniForge.ServiceDefaults.Overload;
using Microsoft.Extensions.Time.Testing;

namespace CogniForge.ServiceDefaults.Tests.Overload;

public class FairShareTests
{
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
        Assert.False(share.TryTake("a", 0)); // no overtaking
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

    private static Task<bool> TakeAsync(FairShare share, string key, long amount) =>
        share.TakeAsync(key, amount, TimeSpan.FromMinutes(1), TimeProvider.System, default).AsTask();
}
