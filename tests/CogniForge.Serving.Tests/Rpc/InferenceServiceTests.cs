using System.Runtime.InteropServices;
using CogniForge.Serving.Rpc.Messages;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace CogniForge.Serving.Tests.Rpc;

/// <summary>The Open Inference Protocol v2 over gRPC, by a client of the protocol's own proto.</summary>
public class InferenceServiceTests(GrpcService service) : IClassFixture<GrpcService>, IAsyncLifetime
{
    public async Task InitializeAsync() => (await service.RegisterAsync(ModelJson.Create("small"))).Dispose();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Server_WithoutKey_IsLiveAndDescribed()
    {
        var none = GrpcService.Key("");
        Assert.True((await service.Rpc.ServerLiveAsync(new(), none)).Live);
        Assert.True((await service.Rpc.ServerReadyAsync(new(), none)).Ready);
        var server = await service.Rpc.ServerMetadataAsync(new(), none);
        Assert.Equal("cogniforge", server.Name);
        Assert.Contains("model_repository", server.Extensions);
    }

    [Fact]
    public async Task Model_Registered_IsReadyAndDescribed()
    {
        Assert.True((await service.Rpc.ModelReadyAsync(new() { Name = "small" })).Ready);
        var model = await service.Rpc.ModelMetadataAsync(new() { Name = "small", Version = "1" });
        Assert.Equal(("small", "cogniforge_logistic", "1"), (model.Name, model.Platform, model.Versions.Single()));
        Assert.Equal(("features", "FP64"), (model.Inputs[0].Name, model.Inputs[0].Datatype));
        Assert.Equal([-1, 2], model.Inputs[0].Shape);
        Assert.Equal(["probability", "label"], model.Outputs.Select(o => o.Name));
    }

    [Fact]
    public async Task Infer_ManyEmptyTensors_IsRefusedBeforeItTakesMemory()
    {
        var request = new ModelInferRequest { ModelName = "small" };
        var one = new ModelInferRequest.Types.InferInputTensor();
        request.Inputs.AddRange(Enumerable.Repeat(one, 1_001));

        var failure = await Assert.ThrowsAsync<RpcException>(
            async () => await service.Rpc.ModelInferAsync(request)
        );
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.Contains("100000 parameters and texts", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ModelInfer")]
    [InlineData("ModelReady")]
    public async Task Call_MalformedMessage_IsInvalidArgument(string name)
    {
        var bytes = Marshallers.Create<byte[]>(static b => b, static b => b);
        var method = new Method<byte[], byte[]>(
            MethodType.Unary,
            "inference.GRPCInferenceService",
            name,
            bytes,
            bytes
        );
        using var channel = GrpcChannel.ForAddress(service.Target);
        using var call = channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, [0x0A, 0x7F, 0x01]);

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Infer_RawOrTyped_ReturnsRawOutputs(bool isRaw)
    {
        var request = Request("FP64", 1, 2);
        request.Id = "7";
        double[] row = [0.5, 2];
        if (isRaw)
        {
            request.RawInputContents.Add(ByteString.CopyFrom(MemoryMarshal.AsBytes(row.AsSpan())));
        }
        else
        {
            request.Inputs[0].Contents = new() { Fp64Contents = { row } };
        }

        var response = await service.Rpc.ModelInferAsync(request);
        Assert.Equal(("small", "1", "7"), (response.ModelName, response.ModelVersion, response.Id));
        Assert.Equal(["FP64", "BYTES"], response.Outputs.Select(o => o.Datatype));
        Assert.Equal([1], response.Outputs[0].Shape);

        // Log-odds -0.5 + 0.5 = 0.
        Assert.Equal(0.5, BitConverter.ToDouble(response.RawOutputContents[0].Span));
        Assert.Equal([2, 0, 0, 0, .. "no"u8], response.RawOutputContents[1].ToArray());
    }

    [Fact]
    public async Task Infer_OutputRequested_ReturnsOnlyThat()
    {
        var request = Request("INT8", 1, 2);
        request.Inputs[0].Contents = new() { IntContents = { 1, -2 } };
        request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "label" });
        var response = await service.Rpc.ModelInferAsync(request);
        Assert.Equal("label", Assert.Single(response.Outputs).Name);
        Assert.Single(response.RawOutputContents);
    }

    [Fact]
    public async Task Infer_Invalid_NamesFieldAndRule()
    {
        await AssertFailsAsync(Request("FP65", 1, 2), StatusCode.InvalidArgument, "inputs[0].datatype must be one of");
        await AssertFailsAsync(Request("FP64", 1, -2), StatusCode.InvalidArgument, "inputs[0].shape must");
        await AssertFailsAsync(
            Request("FP64", int.MaxValue, int.MaxValue),
            StatusCode.InvalidArgument,
            "inputs[0].shape must not bring"
        );
        await AssertFailsAsync(Request("FP64", 1, 2), StatusCode.InvalidArgument, "inputs[0].contents must have 2");
        await AssertFailsAsync(
            new() { ModelName = "small" },
            StatusCode.InvalidArgument,
            "inputs must have at least 1"
        );

        var narrow = Request("INT8", 1, 2);
        narrow.Inputs[0].Contents = new() { IntContents = { 1, 128 } };
        await AssertFailsAsync(narrow, StatusCode.InvalidArgument, "inputs[0].contents[1] must be a whole number");

        var raw = Request("FP64", 1, 2);
        raw.RawInputContents.Add(ByteString.CopyFrom(1, 2, 3));
        await AssertFailsAsync(raw, StatusCode.InvalidArgument, "inputs[0].raw contents must have 16 bytes");

        var unknown = Request("FP64", 1, 2);
        unknown.ModelName = "unknown";
        await AssertFailsAsync(
            unknown,
            StatusCode.NotFound,
            "Model 'unknown' does not exist or has no serving version."
        );
    }

    [Fact]
    public async Task Infer_UnknownKey_IsUnauthenticated()
    {
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
            await service.Rpc.ModelInferAsync(Request("FP64", 1, 2), GrpcService.Key("cf_unknown"))
        );
        Assert.Equal(StatusCode.Unauthenticated, failure.StatusCode);
        Assert.Contains("API key", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_KeyLacksScope_IsDenied()
    {
        var key = GrpcService.Key(await service.CreateKeyAsync("serving", "serving:read"));
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
            await service.Rpc.ModelReadyAsync(new() { Name = "small" }, key)
        );
        Assert.Equal(StatusCode.PermissionDenied, failure.StatusCode);
        Assert.Contains("serving:infer", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_MessageTooLarge_IsRefused()
    {
        var request = Request("UINT8", 1, 2);
        request.RawInputContents.Add(ByteString.CopyFrom(new byte[5 * 1024 * 1024]));
        await AssertFailsAsync(request, StatusCode.ResourceExhausted, "");
    }

    [Fact]
    public async Task Repository_LoadAndUnload_ChangesIndex()
    {
        await service.Rpc.RepositoryModelLoadAsync(new() { ModelName = "small" });
        var loaded = await service.Rpc.RepositoryIndexAsync(new() { Ready = true });
        Assert.Contains(loaded.Models, m => (m.Name, m.State) == ("small", "READY"));

        await service.Rpc.RepositoryModelUnloadAsync(new() { ModelName = "small" });
        var unloaded = await service.Rpc.RepositoryIndexAsync(new());
        Assert.Contains(unloaded.Models, m => (m.Name, m.State) == ("small", "UNAVAILABLE"));

        var key = GrpcService.Key(await service.CreateKeyAsync("serving", "serving:infer"));
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
            await service.Rpc.RepositoryModelUnloadAsync(new() { ModelName = "small" }, key)
        );
        Assert.Equal(StatusCode.PermissionDenied, failure.StatusCode);
    }

    private async Task AssertFailsAsync(ModelInferRequest request, StatusCode status, string detail)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await service.Rpc.ModelInferAsync(request));
        Assert.True(status == failure.StatusCode, failure.Status.ToString());
        Assert.Contains(detail, failure.Status.Detail, StringComparison.Ordinal);
    }

    private static ModelInferRequest Request(string datatype, params long[] shape) =>
        new()
        {
            ModelName = "small",
            Inputs =
            {
                new ModelInferRequest.Types.InferInputTensor
                {
                    Name = "features",
                    Datatype = datatype,
                    Shape = { shape },
                },
            },
        };
}
