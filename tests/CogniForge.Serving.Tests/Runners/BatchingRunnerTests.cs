using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Protocol;
using CogniForge.Serving.Runners.Batching;
using CogniForge.Serving.Tests.Runners.Support;

namespace CogniForge.Serving.Tests.Runners;

public class BatchingRunnerTests
{
    [Fact]
    public async Task InferAsync_ConcurrentRequests_RunAsOneBatch()
    {
        var runner = new GatedRunner();
        using var batching = new BatchingRunner(runner, new() { MaxRows = 8 }, TimeProvider.System);
        var first = batching.InferAsync(Rows(1), CancellationToken.None).AsTask();
        await runner.Started.WaitAsync();
        var others = new[] { Rows(2, 3), Rows(4), Rows(5, 6, 7) }
            .Select(r => batching.InferAsync(r, CancellationToken.None).AsTask())
            .ToList();

        runner.Gate.Release(2);
        Assert.Equal<float>([1], Read(await first));
        Assert.Equal<float>([2, 3], Read(await others[0]));
        Assert.Equal<float>([4], Read(await others[1]));
        Assert.Equal<float>([5, 6, 7], Read(await others[2]));
        Assert.Equal([1, 6], runner.Batches);
    }

    [Fact]
    public async Task InferAsync_DifferentShapes_RunApart()
    {
        var runner = new GatedRunner();
        using var batching = new BatchingRunner(runner, new() { MaxRows = 8 }, TimeProvider.System);
        var first = batching.InferAsync(Rows(1), CancellationToken.None).AsTask();
        await runner.Started.WaitAsync();
        var wide = batching
            .InferAsync(
                RunnerTest.Request(new Tensor<float>("x", Datatype.Fp32, [1, 2], [8, 9])),
                CancellationToken.None
            )
            .AsTask();
        var narrow = batching.InferAsync(Rows(2), CancellationToken.None).AsTask();

        runner.Gate.Release(3);
        Assert.Equal<float>([8, 9], Read(await wide));
        Assert.Equal<float>([2], Read(await narrow));
        await first;
    }

    [Fact]
    public async Task InferAsync_QueueFull_IsRefusedAtOnce()
    {
        var runner = new GatedRunner();
        using var batching = new BatchingRunner(runner, new() { MaxRows = 8, MaxQueued = 1 }, TimeProvider.System);
        var first = batching.InferAsync(Rows(1), CancellationToken.None).AsTask();
        await runner.Started.WaitAsync();
        var queued = batching.InferAsync(Rows(2), CancellationToken.None).AsTask();

        await Assert.ThrowsAsync<OverloadedException>(() =>
            batching.InferAsync(Rows(3), CancellationToken.None).AsTask()
        );
        runner.Gate.Release(2);
        await Task.WhenAll(first, queued);
    }

    private static InferRequest Rows(params float[] values) =>
        RunnerTest.Request(new Tensor<float>("x", Datatype.Fp32, [values.Length, 1], values));

    private static float[] Read(IReadOnlyList<Tensor> outputs) => ((Tensor<float>)outputs[0]).Data.ToArray();
}
