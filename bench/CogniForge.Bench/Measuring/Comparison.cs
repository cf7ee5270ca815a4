using CogniForge.Bench.Load;
using CogniForge.Bench.Processes;

namespace CogniForge.Bench.Measuring;

/// <summary>Measures contestants side by side: all in turn, round after round, so that each meets the machine in the same states.</summary>
internal static class Comparison
{
    private const int MostWarmUps = 8;
    private const double WarmChange = 0.1;
    private static readonly Traffic _warmUp = new(Connections: 16);

    /// <summary>Warms up: loads each server until a request costs what the last ones did; the JIT has compiled the hot paths, with what it saw of them, by then.</summary>
    /// <exception cref="BenchException">Requests failed.</exception>
    public static async Task WarmUpAsync(IEnumerable<Contestant> contestants, CancellationToken cancellationToken)
    {
        foreach (var contestant in contestants)
        {
            var last = double.PositiveInfinity;
            for (var i = 0; i < MostWarmUps; i++)
            {
                var round = await MeasureAsync(contestant, _warmUp, TimeSpan.FromSeconds(1), cancellationToken);
                if (round.Errors > 0)
                {
                    throw new BenchException(
                        $"{contestant.Name}: {round.Errors} requests failed in the warm-up, for example {round.FirstError}"
                    );
                }

                if (round.CpuMicroseconds > last * (1 - WarmChange))
                {
                    break;
                }

                last = round.CpuMicroseconds;
            }
        }
    }

    /// <summary>Measures.</summary>
    /// <param name="contestants">In the order of each round; a baseline before those that are compared with it.</param>
    /// <param name="traffic">The load.</param>
    /// <param name="options">How long, and how often.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops between two requests.</param>
    public static async Task<IReadOnlyList<Measurement>> RunAsync(
        IReadOnlyList<Contestant> contestants,
        Traffic traffic,
        BenchOptions options,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        var rounds = contestants.ToDictionary(c => c, _ => new List<Round>());
        for (var round = 1; round <= options.Rounds; round++)
        {
            progress($"{traffic.Title}: round {round} of {options.Rounds}");
            foreach (var contestant in contestants)
            {
                rounds[contestant].Add(await MeasureAsync(contestant, traffic, options.Duration, cancellationToken));
            }
        }

        var measured = new Dictionary<Contestant, Measurement>();
        foreach (var contestant in contestants)
        {
            measured[contestant] = new(
                traffic,
                contestant,
                rounds[contestant],
                contestant.Baseline is null ? null : measured[contestant.Baseline]
            );
        }

        return [.. measured.Values];
    }

    private static async Task<Round> MeasureAsync(
        Contestant contestant,
        Traffic traffic,
        TimeSpan duration,
        CancellationToken cancellationToken
    )
    {
        var (server, own) = (contestant.Server.Cpu, Environment.CpuUsage.TotalTime);
        var load = await LoadGenerator.RunAsync(contestant.Request, traffic, duration, cancellationToken);
        own = Environment.CpuUsage.TotalTime - own;
        server = await SettledCpuAsync(contestant, cancellationToken) - server;
        return new(
            load.Answered / duration.TotalSeconds,
            load.Latency.Percentile(0.50) / 1_000,
            load.Latency.Percentile(0.99) / 1_000,
            load.FirstByte.Percentile(0.50) / 1_000,
            load.FirstByte.Percentile(0.99) / 1_000,
            server.TotalMicroseconds / load.Sent,
            own.TotalMicroseconds / load.Sent,
            load.Errors,
            load.FirstError
        );
    }

    /// <summary>The server's CPU time when it has come to rest: what it does after its answers (storing them in batches) is their cost too, and must not fall into the next measurement.</summary>
    private static async Task<TimeSpan> SettledCpuAsync(Contestant contestant, CancellationToken cancellationToken)
    {
        const int MostLooks = 30;
        if (contestant.Rest is { } rest)
        {
            await rest(cancellationToken);
        }

        var server = contestant.Server;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(150));
        var tick = TimeSpan.FromMilliseconds(10); // what the kernel counts a process's CPU time in
        var cpu = server.Cpu;
        for (var look = 0; look < MostLooks && await timer.WaitForNextTickAsync(cancellationToken); look++)
        {
            var before = cpu;
            cpu = server.Cpu;
            if (cpu - before <= tick)
            {
                break;
            }
        }

        return cpu;
    }
}
