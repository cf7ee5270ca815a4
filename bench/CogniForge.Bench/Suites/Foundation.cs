using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Bench.Load;
using CogniForge.Bench.Measuring;
using CogniForge.Bench.Processes;
using CogniForge.Bench.Reporting;

namespace CogniForge.Bench.Suites;

/// <summary>
/// The cost of the services' own work: basic endpoints beside a bare one with bodies of the same size.
/// </summary>
internal static class Foundation
{
    public static async Task<Report> RunAsync(
        BenchOptions options,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        using var servers = new ServerSet();
        progress("start");
        var bare = await servers.StartBareAsync(cancellationToken);
        var llm = await servers.StartServiceAsync("llm", "CogniForge.Llm", cancellationToken);
        var serving = await servers.StartServiceAsync("serving", "CogniForge.Serving", cancellationToken);
        var analytics = await servers.StartServiceAsync("analytics", "CogniForge.Analytics", cancellationToken);
        var model = File.ReadAllBytes(Data("breast-cancer.model.json"));
        Response(
            PreparedRequest.Post(
                serving.Address,
                "/api/v1/serving/models",
                servers.Key,
                model,
                StatusCodes.Status201Created
            )
        );

        (string Name, ServerProcess Server, string Path, byte[] Body, int Status)[] endpoints =
        [
            ("llm chat completion", llm, "/v1/chat/completions", Chat(), StatusCodes.Status200OK),
            (
                "serving infer, 1 row",
                serving,
                "/v2/models/breast-cancer/infer",
                Infer(rows: 1),
                StatusCodes.Status200OK
            ),
            (
                "serving infer, 1000 rows",
                serving,
                "/v2/models/breast-cancer/infer",
                Infer(rows: 1_000),
                StatusCodes.Status200OK
            ),
            ("analytics event", analytics, "/api/v1/events", Event(), StatusCodes.Status202Accepted),
        ];
        var contestants = new List<Contestant>();
        foreach (
            var (name, server, path, body, status) in endpoints.Where(e =>
                e.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)
            )
        )
        {
            var request = PreparedRequest.Post(server.Address, path, servers.Key, body, status);
            var responseBytes = Response(request);
            var bareRequest = PreparedRequest.Post(
                bare.Address,
                BareEndpoint.Path(responseBytes),
                servers.Key,
                body,
                StatusCodes.Status200OK
            );
            var baseline = new Contestant($"bare, {body.Length:N0} B → {responseBytes:N0} B", bare, bareRequest);
            contestants.AddRange([baseline, new(name, server, request, baseline)]);
        }

        if (contestants.Count == 0)
        {
            throw new BenchException(
                $"No measurement has '{options.Only}' in its name: "
                    + $"the names are {string.Join("; ", endpoints.Select(e => e.Name))}."
            );
        }

        var processes = contestants.Select(c => c.Server).Distinct().ToList();
        var memory = processes.ConvertAll(p => p.ResidentBytes);
        var watch = new MachineWatch();
        progress("warm-up");
        await Comparison.WarmUpAsync(contestants, cancellationToken);
        var measurements = new List<Measurement>();
        foreach (var connections in options.Connections ?? [1, 16, 64])
        {
            measurements.AddRange(
                await Comparison.RunAsync(contestants, new(connections), options, progress, cancellationToken)
            );
        }

        return new(
            "foundation",
            measurements,
            [
                .. measurements.GroupBy(m => m.Traffic).Select(g => Compared(g.Key, g)),
                new(
                    ["process", "RSS before, MB", "RSS after, MB"],
                    [
                        .. processes.Zip(
                            memory,
                            (p, before) =>
                                new Row([p.Name, Figure.Megabytes(before), Figure.Megabytes(p.ResidentBytes)])
                        ),
                    ]
                ),
            ],
            ["CPU µs: the server's, user and system, per request."],
            watch.Read()
        );
    }

    private static Table Compared(Traffic traffic, IEnumerable<Measurement> measurements) =>
        new(
            [traffic.Title, "requests/s", "of bare", "p50 µs", "p99 µs", "CPU µs", "of bare", "spread", "errors"],
            [
                .. measurements.Select(m => new Row(
                    [
                        m.Contestant.Name,
                        Figure.Whole(m.Median.RequestsPerSecond),
                        m.Baseline is null ? "" : Figure.Ratio(m.RatioTo(m.Baseline, r => r.RequestsPerSecond)),
                        Figure.Whole(m.Median.P50Microseconds),
                        Figure.Whole(m.Median.P99Microseconds),
                        Figure.Tenths(m.Median.CpuMicroseconds),
                        m.Baseline is null ? "" : Figure.Ratio(m.RatioTo(m.Baseline, r => r.CpuMicroseconds)),
                        Figure.Percent(m.Spread),
                        Figure.Whole(m.Median.Errors),
                    ],
                    m.Baseline is null,
                    m.Median.Errors > 0
                )),
            ]
        );

    /// <summary>Sends a request once.</summary>
    /// <returns>The size of the response's body, in bytes.</returns>
    private static int Response(PreparedRequest request)
    {
        using var connection = new HttpConnection(request.Server);
        var (status, body) = connection.Exchange(request.Bytes);
        return status == request.Status
            ? body.Length
            : throw new BenchException(
                $"{request.Server} responded with {status}: {Encoding.UTF8.GetString(body.Span)}"
            );
    }

    private static byte[] Chat() =>
        (
            """{"model":"mock","messages":[{"role":"system","content":"You are a helpful assistant."}"""u8
            + """,{"role":"user","content":"Which of our models drifted last week, and by how much?"}]"""u8
            + ""","max_tokens":256}"""u8
        ).ToArray();

    private static byte[] Event() =>
        """
        {"event":"report_opened","userId":"user-1842","properties":{"report":"drift","source":"mail","items":12}}
        """u8.ToArray();

    /// <summary>Rows of the sample data, repeated as often as needed.</summary>
    private static byte[] Infer(int rows)
    {
        var samples = File.ReadLines(Data("breast-cancer.csv"))
            .Skip(1)
            .Select(line => line.Split(',')[..^1].Select(f => JsonNode.Parse(f)).ToArray())
            .ToList();
        var inputs = samples[0].Length;
        var data = new JsonArray([
            .. Enumerable
                .Range(0, rows)
                .SelectMany(row => samples[row % samples.Count])
                .Select(figure => figure!.DeepClone()),
        ]);
        return JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                id = "bench",
                inputs = new[]
                {
                    new
                    {
                        name = "features",
                        datatype = "FP64",
                        shape = new[] { rows, inputs },
                        data,
                    },
                },
            }
        );
    }

    private static string Data(string file) => Path.Combine(AppContext.BaseDirectory, "data", file);
}
