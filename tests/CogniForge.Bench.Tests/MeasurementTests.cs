using CogniForge.Bench.Load;
using CogniForge.Bench.Measuring;
using CogniForge.Bench.Processes;

namespace CogniForge.Bench.Tests;

public sealed class MeasurementTests
{
    [Fact]
    public void RatioTo_DisturbedRounds_ComparesRoundByRound()
    {
        var slow = Create(50, 5, 50);
        var fast = Create(100, 10, 100);

        Assert.Equal(0.5, slow.RatioTo(fast, r => r.RequestsPerSecond));
        Assert.Equal(50, fast.Above(slow, r => r.RequestsPerSecond));
    }

    [Fact]
    public void ManagedMemory_Written_ParsesBack()
    {
        var memory = new ManagedMemory(12, 3_456);

        Assert.Equal(memory, ManagedMemory.Parse(memory.ToString()));
        Assert.Null(ManagedMemory.Parse("Now listening on: http://127.0.0.1:1"));
    }

    private static Measurement Create(params double[] requestsPerSecond) =>
        new(new Traffic(1), null!, [.. requestsPerSecond.Select(r => new Round(r, 0, 0, 0, 0, 0, 0, 0, null))], null);
}
