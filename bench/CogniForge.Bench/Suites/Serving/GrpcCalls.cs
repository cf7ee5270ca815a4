using System.Diagnostics;
using System.Runtime.InteropServices;
using CogniForge.Bench.Load;
using CogniForge.Bench.Measuring;
using CogniForge.Bench.Reporting;
using CogniForge.Serving.Rpc.Messages;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace CogniForge.Bench.Suites.Serving;

/// <summary>
/// The same inferences over gRPC, by the client library of .NET: its own work is within the figures, unlike with the
/// REST requests, which are ready bytes.
/// </summary>
internal sealed class GrpcCalls(Uri address, string key)
{
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(2);

    private readonly SampleRows _samples = new();

    /// <summary>Measures a model with few and many rows.</summary>
    public async Task<IReadOnlyList<Row>> MeasureAsync(
        string name,
        string model,
        int connections,
        BenchOptions options,
        CancellationToken cancellationToken
    )
    {
        var rows = new List<Row>();
        foreach (var count in new[] { 1, ServingSuite.ManyRows })
        {
            var request = CreateRequest(model, count);
            await LoadAsync(request, connections, _warmUp, cancellationToken);
            var rounds = new List<LatencyHistogram>();
            while (rounds.Count < options.Rounds)
            {
                rounds.Add(await LoadAsync(request, connections, options.Duration, cancellationToken));
            }

            rows.Add(
                new(
                    [
                        $"{name}, {count} row{(count == 1 ? "" : "s")}",
                        Figure.Whole(Round.GetMedian(rounds, r => r.Count / options.Duration.TotalSeconds)),
                        Figure.Whole(Round.GetMedian(rounds, r => r.Percentile(0.5) / 1_000)),
                        Figure.Whole(Round.GetMedian(rounds, r => r.Percentile(0.99) / 1_000)),
                    ]
                )
            );
        }

        return rows;
    }

    private async Task<LatencyHistogram> LoadAsync(
        ModelInferRequest request,
        int connections,
        TimeSpan duration,
        CancellationToken cancellationToken
    )
    {
        using var ready = new CountdownEvent(connections);
        var loops = await Task.WhenAll(
            Enumerable
                .Range(0, connections)
                .Select(_ => Task.Run(() => LoopAsync(request, ready, duration, cancellationToken)))
        );
        var latency = new LatencyHistogram();
        foreach (var loop in loops)
        {
            latency.Add(loop);
        }

        return latency;
    }

    /// <summary>Calls one after the other on a connection of its own, once all connections are open.</summary>
    private async Task<LatencyHistogram> LoopAsync(
        ModelInferRequest request,
        CountdownEvent ready,
        TimeSpan duration,
        CancellationToken cancellationToken
    )
    {
        using var channel = GrpcChannel.ForAddress(
            address,
            new GrpcChannelOptions { MaxReceiveMessageSize = null, HttpHandler = new SocketsHttpHandler() }
        );
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(channel);
        var headers = new Metadata { { "authorization", $"Bearer {key}" } };
        var latency = new LatencyHistogram();
        try
        {
            await client.ModelInferAsync(request, headers, cancellationToken: cancellationToken);
            ready.Signal();
            while (!ready.IsSet)
            {
                await Task.Delay(1, cancellationToken);
            }

            var now = Stopwatch.GetTimestamp();
            var end = now + (long)(duration.TotalSeconds * Stopwatch.Frequency);
            while (true)
            {
                await client.ModelInferAsync(request, headers, cancellationToken: cancellationToken);
                var done = Stopwatch.GetTimestamp();
                if (done > end)
                {
                    return latency;
                }

                latency.Record((long)Stopwatch.GetElapsedTime(now, done).TotalNanoseconds);
                now = done;
            }
        }
        catch (RpcException e) when (e.StatusCode != StatusCode.Cancelled)
        {
            throw new BenchException($"gRPC: {e.Status.Detail}");
        }
    }

    private ModelInferRequest CreateRequest(string model, int rows)
    {
        var request = new ModelInferRequest { ModelName = model };
        request.Inputs.Add(
            new ModelInferRequest.Types.InferInputTensor
            {
                Name = "features",
                Datatype = "FP64",
                Shape = { rows, SampleRows.Width },
            }
        );
        request.RawInputContents.Add(
            ByteString.CopyFrom(MemoryMarshal.AsBytes(_samples.Numbers(rows).AsSpan()))
        );
        return request;
    }
}
