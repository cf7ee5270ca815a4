using CogniForge.ServiceDefaults.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CogniForge.ServiceDefaults.Tests.Health;

public sealed class BoundedHealthCheckTests
{
    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Check_BlocksThread_ReturnsFailureStatus()
    {
        using var blocked = new ManualResetEventSlim();
        var check = new BoundedHealthCheck(
            new Check(_ =>
            {
                blocked.Wait(CancellationToken.None);
                return Task.FromResult(HealthCheckResult.Healthy());
            }),
            _short
        );

        var result = await check.CheckHealthAsync(Context(check, HealthStatus.Degraded));
        blocked.Set();

        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Equal("No response within 0.1 s.", result.Description);
    }

    [Fact]
    public async Task Check_TakesTooLong_IsCancelled()
    {
        var cancelled = new TaskCompletionSource();
        var check = new BoundedHealthCheck(
            new Check(async token =>
            {
                token.Register(cancelled.SetResult);
                await Task.Delay(Timeout.Infinite, token);
                return HealthCheckResult.Healthy();
            }),
            _short
        );

        var result = await check.CheckHealthAsync(Context(check, HealthStatus.Unhealthy));

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        await cancelled.Task;
    }

    [Fact]
    public async Task Check_RespondsInTime_ReturnsResult()
    {
        var check = new BoundedHealthCheck(new Check(_ => Task.FromResult(HealthCheckResult.Healthy("fine"))), _long);

        Assert.Equal("fine", (await check.CheckHealthAsync(Context(check, HealthStatus.Degraded))).Description);
    }

    [Fact]
    public async Task Check_ManyAtOnce_RunsOnce()
    {
        var (runs, result) = (0, new TaskCompletionSource<HealthCheckResult>());
        var shared = new SharedHealthCheck();
        var checks = Enumerable
            .Range(0, 50)
            .Select(_ => new BoundedHealthCheck(
                new Check(_ =>
                {
                    Interlocked.Increment(ref runs);
                    return result.Task;
                }),
                _long,
                shared
            ))
            .ToList();

        using var gone = new CancellationTokenSource();
        var first = checks[0].CheckHealthAsync(Context(checks[0], HealthStatus.Unhealthy), gone.Token);
        var others = checks.Skip(1).Select(c => c.CheckHealthAsync(Context(c, HealthStatus.Unhealthy))).ToList();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        result.SetResult(HealthCheckResult.Healthy("fine"));

        Assert.All(await Task.WhenAll(others), r => Assert.Equal("fine", r.Description));
        Assert.Equal(1, runs);
        await checks[0].CheckHealthAsync(Context(checks[0], HealthStatus.Unhealthy));
        Assert.Equal(2, runs);
    }

    private static HealthCheckContext Context(BoundedHealthCheck check, HealthStatus failure) =>
        new() { Registration = new HealthCheckRegistration("check", check, failure, tags: []) };

    private sealed class Check(Func<CancellationToken, Task<HealthCheckResult>> check) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken = default
        ) => check(cancellationToken);
    }
}
