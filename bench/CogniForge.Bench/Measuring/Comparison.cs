using CogniForge.Bench.Load;
using CogniForge.Bench.Processes;

namespace CogniForge.Bench.Measuring;

/// <summary>
/// Measures contestants in turn, round after round, so that each meets the machine in the same states.
/// </summary>
internal static class Comparison
{
    private const int MaxWarmUps = 8;
    private const double WarmChange = 0.1;
    private static readonly Traffic _warmUp = new(Connections: 16);

    /// <summary>
    /// Loads each server until the cost per request settles, after the JIT has compiled the hot paths.
    /// </summary>
    /// <exception cref="BenchException">Requests failed.</exception>
    public static async Task WarmUpAsync(IEnumerable<Contestant> contestants, CancellationToken cancellationToken)
    {
        foreach (var contestant in contestants)
        {
            var last = double.PositiveInfinity;
            for (var i = 0; i < MaxWarmUps; i++)
            {
                var round = await MeasureAsync(contestant, _warmUp, TimeSpan.FromSeconds(1), cancellationToken);
                if (round.Errors > 0)
                {
                    throw new BenchException(
                        $"{contestant.Name}: {round.Errors} requests failed in the warm-up, "
                            + $"for example {round.FirstError}"
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

    /// <summary>Measures all contestants under one load.</summary>
    /// <param name="contestants">In the order of each round; each baseline precedes the contestants that use
    /// it.</param>
    /// <param name="traffic">The load.</param>
    /// <param name="options">The duration and the number of rounds.</param>
    /// <param name="progress">Receives progress messages.</param>
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
            load.Completed / duration.TotalSeconds,
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

    /// <summary>The server's CPU time once it is idle again.</summary>
    /// <remarks>
    /// Work after the responses, such as storing in batches, counts as their cost and must not leak into the next
    /// measurement.
    /// </remarks>
    private static async Task<TimeSpan> SettledCpuAsync(Contestant contestant, CancellationToken cancellationToken)
    {
        const int MaxChecks = 30;
        if (contestant.Rest is { } rest)
        {
            await rest(cancellationToken);
        }

        var server = contestant.Server;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(150));
        var tick = TimeSpan.FromMilliseconds(10); // the kernel's resolution of CPU time
        var cpu = server.Cpu;
        for (var check = 0; check < MaxChecks && await timer.WaitForNextTickAsync(cancellationToken); check++)
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
