using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CogniForge.Bench.Load;
using CogniForge.Bench.Measuring;
using CogniForge.Bench.Processes;
using CogniForge.Bench.Reporting;

namespace CogniForge.Bench.Suites.Hostile;

/// <summary>
/// What 200 hostile connections of one key do to another key's requests, and to the gateway's memory. The mock answers,
/// and the stores are in memory.
/// </summary>
internal static class HostileSuite
{
    private const int DurationFactor = 6; // for 450 requests by default, so that a p99 means something
    private static readonly Traffic _traffic = new(Connections: 16, RequestsPerSecond: 50);

    public static async Task<Report> RunAsync(
        BenchOptions options,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        progress("start");
        using var servers = new ServerSet();
        var llm = await servers.StartServiceAsync("llm", "CogniForge.Llm", cancellationToken);
        var hostile = HostileRequests.Create(
            llm.Address,
            await CreateKeyAsync(llm.Address, servers.Key, cancellationToken)
        );
        var victim = PreparedRequest.Post(
            llm.Address,
            "/v1/chat/completions",
            await CreateKeyAsync(llm.Address, servers.Key, cancellationToken),
            Encoding.ASCII.GetBytes("""{"model":"mock","messages":[{"role":"user","content":"Hello"}]}"""),
            StatusCodes.Status200OK
        );

        var watch = new MachineWatch();
        await LoadGenerator.RunAsync(victim, _traffic, options.Duration, cancellationToken); // warm-up
        var rows = new List<Row> { await MeasureAsync("without", [], victim, llm, options, cancellationToken) };
        foreach (var request in hostile)
        {
            if (request.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase))
            {
                progress(request.Name);
                rows.Add(await MeasureAsync(request.Name, [request], victim, llm, options, cancellationToken));
            }
        }

        progress("all together");
        rows.Add(
            await MeasureAsync(
                "all together",
                hostile,
                victim,
                llm,
                options,
                cancellationToken
            )
        );
        return new(
            "hostile",
            [],
            [
                new(
                    [
                        "200 hostile connections of one key",
                        "other key's p50, ms",
                        "p99, ms",
                        "its failed requests",
                        "hostile: answered",
                        "refused (429)",
                        "closed",
                        "memory at most, MB",
                        "live objects afterwards, MB",
                    ],
                    rows
                ),
            ],
            ["The other key sends 50 requests/s on 16 connections. Generator and gateway share the CPUs."],
            watch.Read()
        );
    }

    private static async Task<Row> MeasureAsync(
        string name,
        IReadOnlyList<HostileRequest> hostile,
        PreparedRequest victim,
        ServerProcess llm,
        BenchOptions options,
        CancellationToken cancellationToken
    )
    {
        LoadResult result;
        (long Answered, long Refused, long Failed) count = default;
        using var memory = new PeakMemory(llm);
        using (var load = hostile.Count == 0 ? null : new HostileLoad(hostile, hostile.Max(h => h.Connections)))
        {
            result = await LoadGenerator.RunAsync(
                victim,
                _traffic,
                options.Duration * DurationFactor,
                cancellationToken
            );
            count = load?.Count ?? default;
        }

        var peak = memory.Bytes;
        var left = await llm.ManagedMemoryAsync(cancellationToken);
        return new(
            [
                name,
                Figure.Tenths(result.Latency.Percentile(0.5) / 1e6),
                Figure.Tenths(result.Latency.Percentile(0.99) / 1e6),
                Figure.Whole(result.Errors),
                Figure.Whole(count.Answered),
                Figure.Whole(count.Refused),
                Figure.Whole(count.Failed),
                Figure.Megabytes(peak),
                Figure.Megabytes(left.HeapBytes),
            ],
            HasErrors: result.Errors > 0
        );
    }

    private static async Task<string> CreateKeyAsync(Uri llm, string rootKey, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = llm };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", rootKey);
        using var response = await http.PostAsJsonAsync(
            "/api/v1/llm/keys",
            new { name = "bench", scopes = new[] { "llm:invoke" } },
            cancellationToken
        );
        response.EnsureSuccessStatusCode();
        var key = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return key.GetProperty("key").GetString()!;
    }
}
