using CogniForge.ServiceDefaults.Overload;
using Microsoft.Extensions.Time.Testing;

namespace CogniForge.ServiceDefaults.Tests.Overload;

/// <summary>Large bodies are collected, however often they come, in a bounded part of the time.</summary>
public sealed class LargeGarbageTests
{
    private readonly FakeTimeProvider _time = new(TestTime.Start);
    private TimeSpan _stop = TimeSpan.FromMilliseconds(50);
    private int _collections;

    [Fact]
    public void Add_64MiB_CollectsOnce()
    {
        var garbage = Create();

        Add(garbage, 15);
        Assert.Equal(0, _collections);
        Add(garbage, 16);
        Assert.Equal(1, _collections);
    }

    [Fact]
    public void Add_SmallBodies_CollectNothing()
    {
        var garbage = Create();
        for (var i = 0; i < 1_000; i++)
        {
            garbage.Add(1 << 20);
        }

        Assert.Equal(0, _collections);
    }

    [Theory]
    [InlineData(50, 200)]
    [InlineData(400, 40_000)] // longer than others should wait
    public void Add_WithinRest_CollectsAfterIt(int stop, int rest)
    {
        _stop = TimeSpan.FromMilliseconds(stop);
        var garbage = Create();
        Add(garbage, 16);

        Add(garbage, 1_000);
        _time.Advance(TimeSpan.FromMilliseconds(rest - 1));
        Assert.Equal(1, _collections);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, _collections);
    }

    private LargeGarbage Create() =>
        new(
            _time,
            () =>
            {
                _collections++;
                _time.Advance(_stop);
            }
        );

    private static void Add(LargeGarbage garbage, int bodies)
    {
        for (var i = 0; i < bodies; i++)
        {
            garbage.Add(4 << 20);
        }
    }
}
