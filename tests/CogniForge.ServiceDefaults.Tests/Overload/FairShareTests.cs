using CogniForge.ServiceDefaults.Overload;

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
}
