using CogniForge.Serving.Rpc.Messages;
using CogniForge.Serving.Tests.Routing;
using Grpc.Core;

namespace CogniForge.Serving.Tests.Rpc;

/// <summary>gRPC is routed as REST is.</summary>
public class RoutingOverGrpcTests(GrpcService service) : IClassFixture<GrpcService>
{
    [Fact]
    public async Task Infer_Routed_TakesStrategyAliasAndFallback()
    {
        var model = await RoutedModel.CreateAsync(service.Client, "ok", "fails", "ok");
        await model.Registry.MoveAsync(model.Name, "champion", 3);
        await model.RouteAsync("""{"strategy":"roundRobin","targets":[{"version":2}],"fallback":{"version":1}}""");

        Assert.Equal("1", (await service.Rpc.ModelInferAsync(Request(model.Name))).ModelVersion);
        Assert.Equal("3", (await service.Rpc.ModelInferAsync(Request(model.Name, "champion"))).ModelVersion);
        Assert.Equal("3", (await service.Rpc.ModelInferAsync(Request($"{model.Name}@champion"))).ModelVersion);
        Assert.True((await service.Rpc.ModelReadyAsync(new() { Name = $"{model.Name}@champion" })).Ready);
        await AssertFailsAsync(Request(model.Name, "challenger"), StatusCode.NotFound);
    }

    [Fact]
    public async Task Infer_TimeoutPasses_IsDeadlineExceeded()
    {
        var model = await RoutedModel.CreateAsync(service.Client, "slow");
        var request = Request(model.Name);
        request.Parameters.Add("timeout", new InferParameter { Int64Param = 2_000 });
        await AssertFailsAsync(request, StatusCode.DeadlineExceeded);

        request.Parameters["timeout"].StringParam = "soon";
        await AssertFailsAsync(request, StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Infer_TooManyOutstanding_IsUnavailable()
    {
        var model = await RoutedModel.CreateAsync(service.Client, "slow");
        await model.RouteAsync("""{"strategy":"roundRobin","targets":[{"version":1}],"maxOutstanding":1}""");
        using var stop = new CancellationTokenSource();
        using var running = service.Rpc.ModelInferAsync(Request(model.Name), cancellationToken: stop.Token);

        await Until.TrueAsync(async () => await model.CountOutstandingAsync(service) == 1, "a request runs");

        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await service.Rpc.ModelInferAsync(Request(model.Name))
        );
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Equal("1000", refused.Trailers.GetValue("grpc-retry-pushback-ms"));
        await stop.CancelAsync();
        await Assert.ThrowsAsync<RpcException>(async () => await running);
    }

    private async Task AssertFailsAsync(ModelInferRequest request, StatusCode status)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await service.Rpc.ModelInferAsync(request));
        Assert.Equal(status, failure.StatusCode);
    }

    private static ModelInferRequest Request(string name, string version = "") =>
        new()
        {
            ModelName = name,
            ModelVersion = version,
            Inputs =
            {
                new ModelInferRequest.Types.InferInputTensor
                {
                    Name = "x",
                    Datatype = "FP64",
                    Shape = { 1 },
                    Contents = new() { Fp64Contents = { 1 } },
                },
            },
        };
}
