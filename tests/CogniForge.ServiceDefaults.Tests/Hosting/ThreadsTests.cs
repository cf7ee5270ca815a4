using CogniForge.ServiceDefaults.Tests.Support;

namespace CogniForge.ServiceDefaults.Tests.Hosting;

/// <summary>Requests that take much CPU time leave threads for others.</summary>
public sealed class ThreadsTests
{
    [Fact]
    public async Task Start_ThreadPool_HasSeveralThreadsPerProcessor()
    {
        await using var service = await TestService.StartAsync(_ => { });

        ThreadPool.GetMinThreads(out var workers, out _);

        Assert.InRange(workers, 2 * Environment.ProcessorCount, int.MaxValue);
    }
}
