using System.Text.Json;
using CogniForge.Serving.Rpc.Messages;
using CogniForge.Serving.Tests.Routing;
using Google.Protobuf;
using Grpc.Core;

namespace CogniForge.Serving.Tests.Rpc;

/// <summary>What is too much for a key is refused alike by REST and gRPC, whatever takes the memory.</summary>
public sealed class OverloadOverGrpcTests
{
    private const int Rows = 1_000;

    /// <summary>The inputs fit into the share of the key, the outputs do not.</summary>
    [Fact]
    public async Task Infer_OutputsBeyondShare_IsResourceExhausted()
    {
        await using var service = GrpcService.With(("CogniForge:Overload:MaxBodyBytes", "110000"));
        (await service.RegisterAsync(ModelJson.Create("small"))).Dispose();
        var slow = await RoutedModel.CreateAsync(service.Client, "slow");
        using var stop = new CancellationTokenSource();
        using var running = service.Rpc.ModelInferAsync(
            Request(slow.Name, "x", 1),
            cancellationToken: stop.Token
        );
        await Until.TrueAsync(async () => await slow.CountOutstandingAsync(service) == 1, "a request runs");

        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await service.Rpc.ModelInferAsync(Request("small", "features", Rows, 2))
        );
        var data = JsonSerializer.Serialize(new int[2 * Rows]);
        using var response = await service.Client.PostAsync(
            "/v2/models/small/infer",
            $$"""{"inputs":[{"name":"features","datatype":"FP64","shape":[{{Rows}},2],"data":{{data}}}]}"""
        );

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.Equal("1000", refused.Trailers.GetValue("grpc-retry-pushback-ms"));
        Assert.Equal(
            refused.Status.Detail,
            (await response.ReadAsync(429)).GetProperty("error").GetString()
        );
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
        await stop.CancelAsync();
        await Assert.ThrowsAsync<RpcException>(async () => await running);
    }

    /// <summary>The refusal before a call, by its number of requests.</summary>
    [Fact]
    public async Task Call_TooManyRequests_IsResourceExhausted()
    {
        await using var service = GrpcService.With(("CogniForge:Overload:MaxRequests", "2"));
        var slow = await RoutedModel.CreateAsync(service.Client, "slow");
        using var stop = new CancellationTokenSource();
        using var first = service.Rpc.ModelInferAsync(Request(slow.Name, "x", 1), cancellationToken: stop.Token);
        using var second = service.Rpc.ModelInferAsync(Request(slow.Name, "x", 1), cancellationToken: stop.Token);
        await Until.TrueAsync(async () => await slow.CountOutstandingAsync(service) == 2, "two requests run");

        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await service.Rpc.ModelReadyAsync(new() { Name = slow.Name })
        );

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.Equal("1000", refused.Trailers.GetValue("grpc-retry-pushback-ms"));
        await stop.CancelAsync();
        await Assert.ThrowsAsync<RpcException>(async () => await first);
        await Assert.ThrowsAsync<RpcException>(async () => await second);
    }

    private static ModelInferRequest Request(string model, string input, params long[] shape)
    {
        var elements = shape.Aggregate(1L, static (product, size) => product * size);
        return new()
        {
            ModelName = model,
            Inputs =
            {
                new ModelInferRequest.Types.InferInputTensor
                {
                    Name = input,
                    Datatype = "FP64",
                    Shape = { shape },
                },
            },
            RawInputContents = { ByteString.CopyFrom(new byte[elements * sizeof(double)]) },
        };
    }
}
