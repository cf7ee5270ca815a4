using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CogniForge.Bench.Load;
using CogniForge.Bench.Measuring;
using CogniForge.Bench.Processes;
using CogniForge.Bench.Reporting;
using CogniForge.Bench.Suites.Serving.Trees;

namespace CogniForge.Bench.Suites.Serving;

/// <summary>
/// Model serving with everything on, beside a bare endpoint that reads the same bodies and returns as many bytes; and a
/// model of another server, direct and through <c>serving</c>.
/// </summary>
internal static class ServingSuite
{
    /// <summary>The rows of a large request.</summary>
    public const int ManyRows = 1_000;

    private static readonly (string Name, string Model)[] _models =
    [
        ("logistic", "breast-cancer"),
        ("trees", "trees"),
        ("ONNX", "onnx"),
    ];

    public static async Task<Report> RunAsync(
        BenchOptions options,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        using var servers = new ServerSet();
        progress("start");
        var bare = await servers.StartBareAsync(cancellationToken);
        var grpc = new Uri($"http://127.0.0.1:{FindFreePort()}");
        var serving = await servers.StartServiceAsync(
            "serving",
            "CogniForge.Serving",
            new Dictionary<string, string>
            {
                ["CogniForge__InMemory"] = "true",
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:0;{grpc.GetLeftPart(UriPartial.Authority)}",
                ["Inference__GrpcPort"] = grpc.Port.ToString(CultureInfo.InvariantCulture),
            },
            cancellationToken
        );
        using (var setup = new ServingSetup(serving, servers.Key))
        {
            await setup.AddLogisticAsync(cancellationToken);
            await setup.AddTreesAsync("trees", cancellationToken);
            await setup.AddOnnxAsync("onnx", cancellationToken);
            await setup.AddRemoteAsync("remote", new Uri(bare.Address, BareEndpoint.Model), cancellationToken);
        }

        var contestants = CreateContestants(bare, serving, servers.Key, options.Only);
        progress("warm-up");
        await Comparison.WarmUpAsync(contestants, cancellationToken);
        var watch = new MachineWatch();
        var measurements = new List<Measurement>();
        var calls = new GrpcCalls(grpc, servers.Key);
        var tables = new List<Table>();
        foreach (var connections in options.Connections ?? [1, 16, 64])
        {
            var traffic = new Traffic(connections);
            var measured = await Comparison.RunAsync(contestants, traffic, options, progress, cancellationToken);
            measurements.AddRange(measured);
            tables.Add(Compare(traffic, measured));
            if ("gRPC".Contains(options.Only, StringComparison.OrdinalIgnoreCase))
            {
                progress($"{traffic.Title}: gRPC");
                var rows = new List<Row>();
                foreach (var (name, model) in _models)
                {
                    rows.AddRange(
                        await calls.MeasureAsync(name, model, connections, options, cancellationToken)
                    );
                }

                tables.Add(new([$"gRPC, {traffic.Title}", "requests/s", "p50 µs", "p99 µs"], rows));
            }
        }

        if ("scorers".Contains(options.Only, StringComparison.OrdinalIgnoreCase))
        {
            progress("scorers of trees");
            tables.Add(await TreeScorers.MeasureAsync(options, cancellationToken));
        }

        return new(
            "serving",
            measurements,
            tables,
            [
                "Rows of 30 figures of the sample data. The bare endpoint reads as many bytes and returns as many.",
                "added: p50 above the baseline's.",
                "LightGBM's call for matrices creates its predictor anew, which counts with one row at once.",
            ],
            watch.Read()
        );
    }

    private static List<Contestant> CreateContestants(
        ServerProcess bare,
        ServerProcess serving,
        string key,
        string only
    )
    {
        var samples = new SampleRows();
        (string Name, InferBody Body)[] bodies =
        [
            ("JSON, 1 row", InferBody.Json(samples, 1)),
            ("binary, 1 row", InferBody.Binary(samples, 1)),
            ($"JSON, {ManyRows} rows", InferBody.Json(samples, ManyRows)),
            ($"binary, {ManyRows} rows", InferBody.Binary(samples, ManyRows)),
        ];
        var contestants = new List<Contestant>();
        foreach (var (kind, model) in _models)
        {
            foreach (var (body, bytes) in bodies)
            {
                var name = $"{kind}, {body}";
                if (IsWanted(name))
                {
                    var request = Infer(serving, model, bytes);
                    var echo = Echo(bytes, Respond(request));
                    Add(new($"bare, {bytes.Bytes.Length:N0} B", bare, echo), name, request);
                }
            }
        }

        const string Remote = "remote model, through serving";
        if (IsWanted(Remote))
        {
            var request = Infer(serving, "remote", bodies[0].Body);
            _ = Respond(request);
            Add(new("remote model, direct", bare, Infer(bare, "breast-cancer", bodies[0].Body)), Remote, request);
        }

        return contestants;

        bool IsWanted(string name) => name.Contains(only, StringComparison.OrdinalIgnoreCase);

        void Add(Contestant baseline, string name, PreparedRequest request) =>
            contestants.AddRange([baseline, new(name, serving, request, baseline)]);

        PreparedRequest Infer(ServerProcess server, string model, InferBody body) =>
            PreparedRequest.Post(
                server.Address,
                $"/v2/models/{model}/infer",
                key,
                body.Bytes,
                StatusCodes.Status200OK,
                body.Headers
            );

        PreparedRequest Echo(InferBody body, int responseBytes) =>
            PreparedRequest.Post(
                bare.Address,
                BareEndpoint.Path(responseBytes),
                key,
                body.Bytes,
                StatusCodes.Status200OK
            );
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Sends a request once, which loads the model.</summary>
    /// <returns>The size of the response's body, in bytes.</returns>
    private static int Respond(PreparedRequest request)
    {
        using var connection = new HttpConnection(request.Server);
        var (status, body) = connection.Exchange(request.Bytes);
        return status == request.Status
            ? body.Length
            : throw new BenchException($"serving responded with {status}: {Encoding.UTF8.GetString(body.Span)}");
    }

    private static Table Compare(Traffic traffic, IEnumerable<Measurement> measurements) =>
        new(
            [traffic.Title, "requests/s", "of base", "p50 µs", "added µs", "p99 µs", "CPU µs", "ns/number", "errors"],
            [
                .. measurements.Select(m => new Row(
                    [
                        m.Contestant.Name,
                        Figure.Whole(m.Median.RequestsPerSecond),
                        m.Baseline is null ? "" : Figure.Ratio(m.RatioTo(m.Baseline, r => r.RequestsPerSecond)),
                        Figure.Whole(m.Median.P50Microseconds),
                        m.Baseline is null ? "" : Figure.Whole(m.Above(m.Baseline, r => r.P50Microseconds)),
                        Figure.Whole(m.Median.P99Microseconds),
                        Figure.Tenths(m.Median.CpuMicroseconds),
                        m.Contestant.Name.Contains($"{ManyRows} rows", StringComparison.Ordinal)
                            ? Figure.Tenths(m.Median.CpuMicroseconds * 1_000 / (ManyRows * SampleRows.Width))
                            : "",
                        Figure.Whole(m.Median.Errors),
                    ],
                    m.Baseline is null,
                    m.Median.Errors > 0
                )),
            ]
        );
}
