using CogniForge.Bench.Load;
using CogniForge.Bench.Processes;
using CogniForge.Bench.Reporting;

namespace CogniForge.Bench.Suites.Llm;

/// <summary>Measures a server's memory repeatedly while it serves very many requests.</summary>
internal static class MemoryRun
{
    private const int Looks = 10;
    private static readonly Traffic _traffic = new(Connections: 64);
    private static readonly TimeSpan _slice = TimeSpan.FromSeconds(0.2);

    /// <summary>Sends at least the given number of requests, half of them for streams.</summary>
    /// <exception cref="BenchException">A request failed.</exception>
    public static async Task<Table> MeasureAsync(
        ChatTarget llm,
        int requests,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        var server = llm.Server;
        PreparedRequest[] kinds = [llm.Request(stream: false), llm.Request(stream: true)];
        var rows = new List<Row>();
        var (sent, slices) = (0L, 0);
        await llm.Backlog!.EmptyAsync(cancellationToken);
        var last = await server.ManagedMemoryAsync(cancellationToken);
        rows.Add(Look("before", server, last, "", 0));
        for (var look = 1; look <= Looks; look++)
        {
            progress($"memory: {sent:N0} of {requests:N0} requests");
            var before = sent;
            while (sent < (long)requests * look / Looks)
            {
                var load = await LoadGenerator.RunAsync(
                    kinds[slices++ % kinds.Length],
                    _traffic,
                    _slice,
                    cancellationToken
                );
                sent +=
                    load.Errors == 0
                        ? load.Sent
                        : throw new BenchException(
                            $"{load.Errors} requests failed in the memory measurement, for example {load.FirstError}"
                        );
            }

            var waiting = await llm.Backlog.BytesAsync(cancellationToken);
            var now = await server.ManagedMemoryAsync(cancellationToken);
            rows.Add(
                Look(
                    $"after {Figure.Whole(sent)}",
                    server,
                    now,
                    sent == before
                        ? ""
                        : Figure.Tenths((now.AllocatedBytes - last.AllocatedBytes) / 1e3 / (sent - before)),
                    waiting
                )
            );
            last = now;
        }

        await llm.Backlog.EmptyAsync(cancellationToken);
        rows.Add(Look("at rest", server, await server.ManagedMemoryAsync(cancellationToken), "", 0));
        return new(
            [
                $"memory of {server.Name}, requests",
                "RSS, MB",
                "live managed objects, MB",
                "allocated per request, kB",
                "not yet stored, MB",
            ],
            rows
        );
    }

    private static Row Look(string name, ServerProcess server, ManagedMemory memory, string allocated, long waiting) =>
        new([
            name,
            Figure.Megabytes(server.ResidentBytes),
            Figure.Megabytes(memory.HeapBytes),
            allocated,
            Figure.Megabytes(waiting),
        ]);
}
