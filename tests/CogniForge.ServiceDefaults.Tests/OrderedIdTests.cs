namespace CogniForge.ServiceDefaults.Tests;

public sealed class OrderedIdTests
{
    private static readonly DateTimeOffset _time = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    [Fact]
    public void Create_SameMillisecond_IsLaterThanBefore()
    {
        var ids = Enumerable.Range(0, 4096).Select(_ => OrderedId.Create(_time)).ToList();
        Assert.Equal(ids.Order(), ids);
        Assert.Equal(4096, ids.Distinct().Count());
    }

    [Fact]
    public void Create_MoreThanTheCounterHolds_StaysUniqueAndInItsMillisecond()
    {
        var ids = Enumerable.Range(0, 5000).Select(_ => OrderedId.Create(_time.AddDays(1))).ToList();
        Assert.Equal(5000, ids.Distinct().Count());
        Assert.True(ids.Max() < OrderedId.Create(_time.AddDays(1).AddMilliseconds(1)));
    }

    [Fact]
    public void Create_AnyTime_IsVersion7OfThatTime()
    {
        var text = OrderedId.Create(_time.AddDays(2)).ToString("n");
        Assert.Equal(_time.AddDays(2).ToUnixTimeMilliseconds(), Convert.ToInt64(text[..12], 16));
        Assert.Equal('7', text[12]);
        Assert.Contains(text[16], "89ab");
    }
}
