using CogniForge.ServiceDefaults.Resilience;

namespace CogniForge.ServiceDefaults.Tests.Resilience;

public class CircuitBreakerTests
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private readonly CircuitBreaker _circuit;

    public CircuitBreakerTests() => _circuit = new(_interval, _clock);

    [Fact]
    public void TryEnter_Closed_LetsEveryCallThrough()
    {
        Assert.False(_circuit.IsOpen);
        Assert.True(_circuit.TryEnter());
        Assert.True(_circuit.TryEnter());
    }

    [Fact]
    public void TryEnter_Open_LetsOneProbeThroughPerInterval()
    {
        _circuit.Open();
        Assert.True(_circuit.IsOpen);
        Assert.False(_circuit.TryEnter());

        for (var i = 0; i < 2; i++)
        {
            _clock.Advance(_interval);
            Assert.True(_circuit.TryEnter());
            Assert.False(_circuit.TryEnter());
        }
    }

    [Fact]
    public void TryEnter_ProbeFailed_WaitsForTheNextInterval()
    {
        _circuit.Open();
        _clock.Advance(_interval);
        Assert.True(_circuit.TryEnter());
        _clock.Advance(_interval / 2);
        _circuit.Open();

        _clock.Advance(_interval / 2);
        Assert.False(_circuit.TryEnter());
    }

    [Fact]
    public void OpenAndClose_Repeated_ReportOnlyTheChange()
    {
        Assert.False(_circuit.Close());
        Assert.True(_circuit.Open());
        Assert.False(_circuit.Open());
        Assert.True(_circuit.Close());
        Assert.False(_circuit.IsOpen);
    }
}
