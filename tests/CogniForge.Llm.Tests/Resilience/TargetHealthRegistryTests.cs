using CogniForge.Llm.Resilience;
using CogniForge.ServiceDefaults;
using Polly.CircuitBreaker;

namespace CogniForge.Llm.Tests.Resilience;

public sealed class TargetHealthRegistryTests : IDisposable
{
    private readonly ServiceDescription _service = new("llm", "llmdb", typeof(TargetHealthRegistryTests).Assembly);
    private readonly FakeTimeProvider _time = new(TestTime.Start);
    private readonly TargetHealthRegistry _registry;

    public TargetHealthRegistryTests() => _registry = new(_service, _time);

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task Get_ManyMadeUpNames_ShareNoCircuit()
    {
        for (var i = 0; i < 1_100; i++)
        {
            _registry.Get($"openai/made-up-{i}");
        }

        await FailAsync("openai/broken");
        Assert.Equal(CircuitState.Open, _registry.Get("openai/broken").Circuit);
        Assert.Equal(CircuitState.Closed, _registry.Get("openai/other").Circuit);
    }

    [Fact]
    public async Task Get_ManyMadeUpNames_KeepOpenCircuits()
    {
        await FailAsync("openai/broken");
        for (var i = 0; i < 3_000; i++)
        {
            _registry.Get($"openai/made-up-{i}");
        }

        Assert.Equal(CircuitState.Open, _registry.Get("openai/broken").Circuit);
        Assert.InRange(_registry.All.Count, 1, 1_000);
    }

    [Fact]
    public void All_IdleTarget_IsForgotten()
    {
        _registry.Get("openai/idle");
        _time.Advance(TimeSpan.FromMinutes(9));
        _registry.Get("openai/used");
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("openai/used", Assert.Single(_registry.All).Id);
    }

    /// <summary>Of a 400, only the message tells of a wrong key, and it may quote the client.</summary>
    [Theory]
    [InlineData(400, CircuitState.Closed)]
    [InlineData(402, CircuitState.Closed)]
    [InlineData(401, CircuitState.Open)]
    public async Task Execute_AuthenticationErrors_OpenCircuitByStatus(int status, CircuitState expected)
    {
        await FailAsync("openai/m", new(ErrorCategory.Authentication, "Invalid value: 'invalid api key'.", status));
        Assert.Equal(expected, _registry.Get("openai/m").Circuit);
    }

    private async Task FailAsync(string id, ProviderError? error = null)
    {
        for (var i = 0; i < 5; i++)
        {
            await _registry
                .Get(id)
                .ExecuteAsync(
                    "key",
                    _ => Task.FromResult(AttemptResult.Failed(error ?? new(ErrorCategory.ServerError, "No."))),
                    CancellationToken.None
                );
        }
    }
}
