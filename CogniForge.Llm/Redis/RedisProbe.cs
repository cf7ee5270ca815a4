namespace CogniForge.Llm.Redis;

/// <summary>Connects to Redis at the start, and finds it again after an outage.</summary>
internal sealed class RedisProbe(RedisConnection redis) : BackgroundService
{
    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _retryDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // The first requests find Redis connected; without it the service starts all the same.
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_connectTimeout);
        while (!await redis.ProbeAsync() && !timeout.IsCancellationRequested)
        {
            await Task.Delay(_retryDelay, timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // By the server's clock, not by the service's: a test that stops time does not stop the server.
        using var timer = new PeriodicTimer(_interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (redis.IsUnavailable)
            {
                await redis.ProbeAsync();
            }
        }
    }
}
